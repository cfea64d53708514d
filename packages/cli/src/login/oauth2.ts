// A person signs in to an OAuth 2 server: in a browser on this machine, or on another device.
import { Authorizer, authorizationCodeSource, deviceCodeSource, discoverServer } from '@axios-authorizer/core';
import type { AuthorizerOptions, ServerMetadata, Token, UserCode } from '@axios-authorizer/core';
import { limitsWithPerson } from '../services/connection.js';
import { sourceOptions } from '../services/kinds/oauth2.js';
import type { Grant } from '../services/kinds/oauth2.js';
import { settingsOf } from '../services/service.js';
import type { Service } from '../services/service.js';
import { UsageError } from '../terminal/failure.js';
import { withProgress } from '../terminal/progress.js';
import type { Terminal } from '../terminal/terminal.js';
import { inWords } from '../tokens/durations.js';
import { grantByBrowser } from './browser.js';

export interface SignInOptions {
  readonly device?: boolean;
  readonly browser: boolean;
}

/** The service with the grant by which a person signs in; undefined where its grant needs no page. */
export function interactiveService(service: Service, { device = false }: SignInOptions): Service | undefined {
  const settings = settingsOf(service, 'oauth2');
  const grant: Grant = device ? 'device_code' : (settings.grant ?? 'authorization_code');
  const isInteractive = grant === 'device_code' || grant === 'authorization_code';
  return isInteractive ? { ...service, settings: { ...settings, grant } } : undefined;
}

export async function signInOAuth2(service: Service, options: SignInOptions, terminal: Terminal): Promise<Token> {
  const server = await serverOf(service, terminal);
  const { grant } = settingsOf(service, 'oauth2');
  return grant === 'device_code'
    ? byDevice(service, server, terminal)
    : byBrowser(service, server, { options, terminal });
}

/** Undefined where only endpoints are known. */
async function serverOf(service: Service, terminal: Terminal): Promise<ServerMetadata | undefined> {
  const { issuer, allowInsecure } = settingsOf(service, 'oauth2');
  if (issuer === undefined) return undefined;
  return withProgress(terminal, `asking ${issuer} for its endpoints`, () =>
    discoverServer(issuer, { allowInsecure, timeoutMs: service.timeoutMs, signal: terminal.interrupted }),
  );
}

async function byDevice(service: Service, server: ServerMetadata | undefined, terminal: Terminal): Promise<Token> {
  const deviceAuthorizationUrl =
    settingsOf(service, 'oauth2').deviceAuthorizationUrl ?? server?.deviceAuthorizationEndpoint;
  if (deviceAuthorizationUrl === undefined)
    throw noEndpoint(service, 'deviceAuthorizationUrl', '--device-authorization-url');
  const onUserCode = (code: UserCode): Promise<void> => terminal.stderr.write(invitation(code, terminal));
  const source = deviceCodeSource({ ...(await sourceOptions(service, terminal)), deviceAuthorizationUrl, onUserCode });
  return tokenOf(new Authorizer(source, authorizerOptions(service, terminal)), terminal);
}

function invitation(
  { userCode, verificationUri, verificationUriComplete, expiresAt }: UserCode,
  { clock }: Terminal,
): string {
  const left = inWords(expiresAt.getTime() - clock.now());
  const direct = verificationUriComplete === undefined ? '' : `\n  or open ${verificationUriComplete}`;
  return `To sign in, open ${verificationUri}\n  and type ${userCode} (good for ${left})${direct}\n`;
}

async function byBrowser(
  service: Service,
  server: ServerMetadata | undefined,
  { options, terminal }: { readonly options: SignInOptions; readonly terminal: Terminal },
): Promise<Token> {
  const { authorizationUrl = server?.authorizationEndpoint } = settingsOf(service, 'oauth2');
  if (authorizationUrl === undefined) throw noEndpoint(service, 'authorizationUrl', '--authorization-url');
  const own = await sourceOptions(service, terminal); // what is wrong with it is said before a browser opens
  const grant = await grantByBrowser({ service, server, authorizationUrl, opens: options.browser }, terminal);
  const source = authorizationCodeSource({ ...own, grant });
  return withProgress(terminal, `asking ${service.name} for a token`, () =>
    tokenOf(new Authorizer(source, authorizerOptions(service, terminal)), terminal),
  );
}

function authorizerOptions(service: Service, terminal: Terminal): AuthorizerOptions {
  return { clock: terminal.clock, ...limitsWithPerson({ service, terminal }).whole };
}

async function tokenOf(authorizer: Authorizer, { interrupted }: Terminal): Promise<Token> {
  try {
    return await authorizer.getToken({ force: true, signal: interrupted });
  } finally {
    authorizer.close();
  }
}

function noEndpoint({ name, settings }: Service, member: string, flag: string): UsageError {
  const what =
    'issuer' in settings && settings.issuer !== undefined ? `${settings.issuer} publishes none` : 'it is not given';
  return new UsageError(
    `${name} needs \`${member}\`, and ${what}`,
    `Give ${flag}, --issuer, or the member in the configuration.`,
  );
}
