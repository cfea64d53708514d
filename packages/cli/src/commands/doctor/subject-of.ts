// From a service to what doctor examines. Secrets are read here, before anything is looked at: one that is missing ends it.
import { isAbsolute, join } from 'node:path';
import { omitUndefined } from '@axios-authorizer/core/extend';
import type { Token } from '@axios-authorizer/core';
import type { Subject } from '../../doctor/check.js';
import { connect } from '../../services/connect.js';
import { settingsOf } from '../../services/service.js';
import type { Service } from '../../services/service.js';
import type { OAuth2Service } from '../../services/types.js';
import type { Terminal } from '../../terminal/terminal.js';

/** What the command says beside the service. */
export interface SubjectOptions {
  readonly call?: string;
  readonly jwksUrl?: string;
}

export async function subjectOf(service: Service, options: SubjectOptions, terminal: Terminal): Promise<Subject> {
  const { kind } = service.settings;
  if (kind === 'smart') return smart(service, options);
  if (kind === 'cognito') return cognito(service, options, terminal);
  if (kind === 'itkdb') return itkdb(service, options, terminal);
  return oauth2(service, options, terminal);
}

const DEFAULT_SCOPE = 'system/*.rs';

async function smart(service: Service, { call, jwksUrl }: SubjectOptions): Promise<Subject> {
  const { smartSubject } = await import('../../doctor/services/smart.js');
  const {
    kind: _kind,
    passphrase: _passphrase,
    checkUrl,
    keys,
    scope = DEFAULT_SCOPE,
    ...given
  } = settingsOf(service, 'smart');
  return smartSubject({
    ...given,
    ...omitUndefined({ jwksUrl, call: call ?? checkUrl }),
    scope,
    keys: pathIn(service, keys),
    ...(await secrets(service, ['passphrase'])),
  });
}

async function cognito(service: Service, { call }: SubjectOptions, terminal: Terminal): Promise<Subject> {
  const { cognitoSubject } = await import('../../doctor/services/cognito.js');
  const {
    kind: _kind,
    clientSecret: _secret,
    password: _password,
    checkUrl,
    ...given
  } = settingsOf(service, 'cognito');
  const client = await secrets(service, ['clientSecret']);
  const password = terminal.isInteractive
    ? { password: await service.secret('password') }
    : await secrets(service, ['password']);
  return cognitoSubject({ ...given, ...omitUndefined({ call: call ?? checkUrl }), ...client, ...password });
}

async function itkdb(service: Service, { call }: SubjectOptions, terminal: Terminal): Promise<Subject> {
  const { itkdbSubject } = await import('../../doctor/services/itkdb.js');
  const { kind: _kind, accessCode1: _one, accessCode2: _two, checkUrl, ...given } = settingsOf(service, 'itkdb');
  const names = ['accessCode1', 'accessCode2'];
  const codes = terminal.isInteractive ? await asked(service, names) : await secrets(service, names);
  const { ITKDB_API_URL: apiUrl } = terminal.env;
  return itkdbSubject({ ...given, ...omitUndefined({ apiUrl, call: call ?? checkUrl }), ...codes });
}

async function oauth2(service: Service, { call, jwksUrl }: SubjectOptions, terminal: Terminal): Promise<Subject> {
  const { oauth2Subject } = await import('../../doctor/services/oauth2.js');
  const settings = settingsOf(service, 'oauth2');
  const { issuer, tokenUrl, clientId, clientAuthentication, grant, scope, parameters, username, allowInsecure } =
    settings;
  const plain = { issuer, tokenUrl, clientId, clientAuthentication, grant, scope, parameters, username, allowInsecure };
  const { keys, signWith, checkUrl } = settings;
  const signing = keys === undefined ? {} : { keys: pathIn(service, keys), ...omitUndefined({ signWith }) };
  return oauth2Subject({
    ...omitUndefined({ ...plain, jwksUrl, call: call ?? checkUrl }),
    ...signing,
    ...(await secrets(service, ['clientSecret', 'password', 'passphrase'])),
    ...(terminal.isInteractive && asksForItself(settings) ? await asked(service, ['clientSecret']) : {}),
    stored: (signal) => stored(service, terminal, signal),
  });
}

/** Then it has a secret, which a person can be asked for. */
function asksForItself({ grant = 'client_credentials', keys, clientAuthentication = 'basic' }: OAuth2Service): boolean {
  return grant === 'client_credentials' && keys === undefined && /^(?:basic|post)$/.test(clientAuthentication);
}

/** The token of a login; renewed as any command would, so that a rotated refresh token is kept. */
async function stored(service: Service, terminal: Terminal, signal: AbortSignal): Promise<Token> {
  const authorizer = await connect(service, terminal);
  try {
    return await authorizer.getToken({ signal });
  } finally {
    authorizer.close();
  }
}

function pathIn({ folder }: Service, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** Those of which something says where they are; what is missing is doctor's first finding. */
function secrets(service: Service, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  return asked(
    service,
    names.filter((name) => service.hasSecret(name)),
  );
}

async function asked(service: Service, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const name of names) found[name] = await service.secret(name);
  return found;
}
