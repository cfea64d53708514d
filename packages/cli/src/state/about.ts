// What is said of a stored token without opening it: whose it is, when it ends, what renews it. Nothing secret, so that `status`
// needs no key and no keyring.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asString, jwtClaims, parseObject } from '@axios-authorizer/core/extend';
import { writePrivateFile } from '@axios-authorizer/core/node';
import type { Token } from '@axios-authorizer/core';
import type { Service } from '../services/service.js';
import { isKind } from '../services/options.js';
import type { ServiceKind, ServiceSettings } from '../services/types.js';
import { onOneLine } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { tokenFolder, tokenPlace } from './token-place.js';

export interface About {
  readonly id: string;
  readonly name: string;
  readonly kind: ServiceKind;
  /** The origin and path of the server. */
  readonly server: string;
  /** The user, else the client. */
  readonly subject: string;
  readonly scope: string | undefined;
  readonly issuedAt: string | undefined;
  readonly expiresAt: string | undefined;
  readonly renewedBy: string;
  readonly sealed: boolean;
}

const ENDING = '.about.json';
const LONGEST_SUBJECT = 100;

/** What to say of a token of a service. */
export function aboutToken(service: Service, token: Token, terminal: Terminal): About {
  const { id } = tokenPlace(service, terminal);
  const { name, settings, storeKey } = service;
  return {
    id,
    name,
    kind: settings.kind,
    server: serverOf(settings),
    subject: subjectOf(settings, token),
    scope: token.scope,
    issuedAt: token.issuedAt?.toISOString(),
    expiresAt: token.expiresAt?.toISOString(),
    renewedBy: renewedBy(settings, token),
    sealed: storeKey !== undefined,
  };
}

export async function saveAbout(about: About, terminal: Terminal): Promise<void> {
  await writePrivateFile(join(tokenFolder(terminal), `${about.id}${ENDING}`), `${JSON.stringify(about)}\n`);
}

/** All that is kept, by name. What is damaged is passed over. */
export async function allAbout(terminal: Terminal): Promise<readonly About[]> {
  const folder = tokenFolder(terminal);
  const names = await namesIn(folder);
  const read = await Promise.all(
    names.filter((name) => name.endsWith(ENDING)).map((name) => aboutIn(join(folder, name))),
  );
  return read.filter((about) => about !== undefined).toSorted((one, two) => one.id.localeCompare(two.id));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function aboutIn(path: string): Promise<About | undefined> {
  const read = parseObject(await readFile(path, 'utf8').catch(() => '')) ?? {};
  const [id, name, kind] = [asString(read['id']), asString(read['name']), asString(read['kind'])];
  if (id === undefined || name === undefined || kind === undefined || !isKind(kind)) return undefined;
  return {
    id,
    name,
    kind,
    server: asString(read['server']) ?? '',
    subject: asString(read['subject']) ?? '',
    scope: asString(read['scope']),
    issuedAt: asString(read['issuedAt']),
    expiresAt: asString(read['expiresAt']),
    renewedBy: asString(read['renewedBy']) ?? '',
    sealed: read['sealed'] === true,
  };
}

function serverOf(settings: ServiceSettings): string {
  if (settings.kind === 'smart') return settings.baseUrl;
  if (settings.kind === 'itkdb') return settings.authUrl ?? 'the ITk production database';
  if (settings.kind === 'cognito') return settings.endpoint ?? settings.userPoolId;
  return settings.issuer ?? settings.tokenUrl ?? '';
}

/** The claims are shown, not trusted. */
function subjectOf(settings: ServiceSettings, token: Token): string {
  const claims = jwtClaims(token.idToken ?? '') ?? jwtClaims(token.accessToken) ?? {};
  const names = ['email', 'preferred_username', 'cognito:username', 'username', 'name', 'sub', 'client_id'];
  const claimed = names.map((name) => asString(claims[name])).find((name) => name !== undefined);
  const configured = 'username' in settings ? settings.username : undefined;
  const client = 'clientId' in settings ? settings.clientId : undefined;
  return onOneLine(claimed ?? configured ?? client ?? '').slice(0, LONGEST_SUBJECT);
}

function renewedBy(settings: ServiceSettings, token: Token): string {
  if (token.refreshToken !== undefined && settings.kind !== 'smart') return 'refresh token';
  if (settings.kind === 'smart') return 'signed assertion';
  if (settings.kind === 'itkdb') return 'access codes';
  if (settings.kind === 'cognito') return 'password';
  const { grant = 'client_credentials' } = settings;
  return grant === 'authorization_code' || grant === 'device_code' || grant === 'refresh_token' ? 'login' : grant;
}
