// Does a person get signed in at a certified OpenID provider, by a browser here or on another device?
import { startOidcProvider } from '@axios-authorizer/test-kit';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import {
  authorizationCodeSource,
  authorizationRequest,
  Authorizer,
  deviceCodeSource,
  publicClient,
  readCallback,
  refreshTokenSource,
} from '../../src/index.js';
import type { AuthorizationCode, PendingSignIn, Token, UserCode } from '../../src/index.js';
import { failureOf } from '../endpoint/stage.js';
import { thrownBy } from './stage.js';

let provider: OidcProvider;

beforeAll(async () => {
  provider = await startOidcProvider();
});
afterAll(() => provider.stop());

const scope = 'openid offline_access api';

/** The way to the provider's pages and back. */
async function cameBack(prompt = 'consent'): Promise<{ readonly url: string; readonly pending: PendingSignIn }> {
  const { authorizationUrl, issuer, nativeClient } = provider;
  const server = { issuer, issParameterSupported: true };
  const parameters = { prompt };
  const { url, pending } = await authorizationRequest({ ...nativeClient, authorizationUrl, server, parameters, scope });
  return { url: await provider.authorize(url), pending };
}

function exchanged(grant: AuthorizationCode): Promise<Token> {
  const clientAuth = publicClient({ clientId: provider.nativeClient.clientId });
  return new Authorizer(authorizationCodeSource({ tokenUrl: provider.tokenUrl, clientAuth, scope, grant })).getToken();
}

describe('in a browser', () => {
  it('a code brings tokens, the id token is of this sign-in, and refreshes rotate from there (C25)', async () => {
    const { url, pending } = await cameBack();
    const token = await exchanged(readCallback(url, pending));
    await expect(provider.isActive(token.accessToken)).resolves.toBe(true);
    const { tokenUrl, nativeClient } = provider;
    const authorizer = new Authorizer(
      refreshTokenSource({ tokenUrl, clientAuth: publicClient({ clientId: nativeClient.clientId }) }),
    );
    await authorizer.setToken(token);
    const fresh = await authorizer.getToken({ force: true });
    await expect(provider.isActive(fresh.accessToken)).resolves.toBe(true);
    expect(fresh.refreshToken).not.toBe(token.refreshToken);
    expect(fresh.idToken).toBeDefined();
  });

  it('a code is good once (C25)', async () => {
    const { url, pending } = await cameBack();
    const grant = readCallback(url, pending);
    await exchanged(grant);
    expect(await failureOf(exchanged(grant))).toMatchObject({ kind: 'session', error: 'invalid_grant' });
  });

  it('a code of another’s sign-in that is put under our state brings nothing: its verifier is another (C25)', async () => {
    const [ours, theirs] = [await cameBack(), await cameBack()];
    const injected = new URL(ours.url);
    injected.searchParams.set('code', new URL(theirs.url).searchParams.get('code') ?? '');
    const error = await failureOf(exchanged(readCallback(injected, ours.pending)));
    expect(error).toMatchObject({ kind: 'session', error: 'invalid_grant' });
  });

  it('a token of another sign-in is refused by its nonce even where the verifier is theirs (C25)', async () => {
    const [ours, theirs] = [await cameBack(), await cameBack()];
    const { idToken } = readCallback(ours.url, ours.pending);
    const grant = { ...readCallback(theirs.url, theirs.pending), ...(idToken && { idToken }) };
    expect(await failureOf(exchanged(grant))).toMatchObject({ code: 'id_token_refused', kind: 'session' });
  });

  it('what the provider refuses comes back as its error (C25)', async () => {
    const { url, pending } = await cameBack('none');
    const refused = { code: 'sign_in_refused', kind: 'session', error: 'login_required' };
    expect(thrownBy(() => readCallback(url, pending))).toMatchObject(refused);
  });

  it('the provider says iss, and another issuer’s callback is refused (C25)', async () => {
    const { url, pending } = await cameBack();
    const other = { ...pending, issuer: 'https://other.example' };
    expect(thrownBy(() => readCallback(url, other))).toMatchObject({ code: 'issuer_mismatch' });
  });
});

describe('on another device', () => {
  /** An authorizer whose codes the person confirms, or does not. */
  function device(deny = false): { readonly authorizer: Authorizer; readonly codes: UserCode[] } {
    const codes: UserCode[] = [];
    /** While the device waits. */
    const confirmed = async (): Promise<void> => {
      const url = codes.at(-1)?.verificationUriComplete ?? '';
      await provider.confirmDevice({ url, deny });
    };
    const { deviceAuthorizationUrl, tokenUrl, revocationUrl, nativeClient } = provider;
    const source = deviceCodeSource({
      deviceAuthorizationUrl,
      tokenUrl,
      revocationUrl,
      clientAuth: publicClient({ clientId: nativeClient.clientId }),
      scope,
      parameters: { prompt: 'consent' },
      clock: { now: () => Date.now(), sleep: (ms) => (ms > 5_000 ? new Promise(() => 0) : confirmed()) },
      onUserCode: (code) => codes.push(code),
    });
    return { authorizer: new Authorizer(source), codes };
  }

  it('a code that is confirmed signs in, and refreshes rotate from there (C25)', async () => {
    const { authorizer, codes } = device();
    const token = await authorizer.getToken({ force: true });
    await expect(provider.isActive(token.accessToken)).resolves.toBe(true);
    expect(codes).toHaveLength(1);
    expect(codes[0]?.verificationUri).toBe(`${provider.issuer}/device`);
    expect(token.idToken).toBeDefined();
    const fresh = await authorizer.getToken({ force: true });
    expect(codes).toHaveLength(1);
    expect(fresh.refreshToken).not.toBe(token.refreshToken);
  });

  it('a code that is declined ends the try as a session, and the next one begins at once (C25)', async () => {
    const { authorizer, codes } = device(true);
    for (const tries of [1, 2]) {
      const error = await failureOf(authorizer.getToken({ force: true }));
      expect(error).toMatchObject({ code: 'sign_in_refused', kind: 'session', error: 'access_denied' });
      expect(codes).toHaveLength(tries);
    }
  });
});
