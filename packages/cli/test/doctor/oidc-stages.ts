// What a certified OpenID provider answers; it takes a moment to start, so all of these share one.
import { ecKeyPair, startOidcProvider } from '@axios-authorizer/test-kit';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import { oauth2Subject } from '../../src/doctor/services/oauth2.js';
import type { OAuth2SubjectOptions } from '../../src/doctor/services/oauth2.js';
import { publicOf, signing } from './smart-stages.js';
import type { Defer, StartStage } from './stage.js';

let running: Promise<OidcProvider> | undefined;

async function provider(): Promise<OidcProvider> {
  running ??= startOidcProvider({
    assertionClients: [{ clientId: 'by-key', alg: 'ES384', jwks: { keys: [publicOf(signing)] } }],
  });
  return running;
}

export async function stopOidcProvider(): Promise<void> {
  await (await running)?.stop();
}

type Make = (oidc: OidcProvider, defer: Defer) => OAuth2SubjectOptions | Promise<OAuth2SubjectOptions>;

function stage(make: Make): StartStage {
  return async (defer) => {
    const oidc = await provider();
    return oauth2Subject({ issuer: oidc.issuer, scope: 'api', ...(await make(oidc, defer)) });
  };
}

export const oidcStages = {
  'oidc: the secret is wrong': stage(({ clients }) => ({ ...clients.basic, clientSecret: 'another-secret' })),
  'oidc: the client is unknown': stage(() => ({ clientId: 'nobody', clientSecret: 'any-secret' })),
  'oidc: the client may not use the grant': stage(({ clients }) => clients.rotating),
  'oidc: the key is another': stage(() => ({ clientId: 'by-key', keys: { ...signing, ...strangerOf(signing) } })),
  'oidc: the issuer lacks a letter': stage(({ clients, issuer }) => ({ ...clients.basic, issuer: `${issuer}/` })),
  'oidc: the token endpoint is away': stage(async (oidc, defer) => {
    await oidc.pause();
    defer(() => oidc.resume());
    return oidc.clients.basic;
  }),
  'oidc: the token lives for seconds': stage(async (oidc, defer) => {
    await oidc.setTokenLife(5);
    defer(() => oidc.setTokenLife(300));
    return oidc.clients.basic;
  }),
  'oidc: all is well': stage(() => ({ clientId: 'by-key', keys: signing })),
} satisfies Readonly<Record<string, StartStage>>;

/** Another private key under the same kid. */
function strangerOf({ kid }: { readonly kid: string }): object {
  return { ...ecKeyPair('P-384').privateKey.export({ format: 'jwk' }), kid };
}
