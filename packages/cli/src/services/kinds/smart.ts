// A FHIR server behind SMART Backend Services: a token for a signed assertion.
import { Authorizer } from '@axios-authorizer/core';
import { SMARTBackendAuth } from '@axios-authorizer/smart-backend';
import type { Connection } from '../connection.js';
import { settingsOf } from '../service.js';
import { keysOf } from './keys.js';

const DEFAULT_SCOPE = 'system/*.rs';

export async function connectSmart(connection: Connection): Promise<Authorizer> {
  return new Authorizer(await smartSource(connection), connection.options);
}

/** The source alone, for who wants to ask the server what it is. */
export async function smartSource({
  service,
  terminal,
}: Pick<Connection, 'service' | 'terminal'>): Promise<SMARTBackendAuth> {
  const settings = settingsOf(service, 'smart');
  const {
    kind: _kind,
    keys,
    passphrase: _passphrase,
    signWith,
    checkUrl: _check,
    scope = DEFAULT_SCOPE,
    ...rest
  } = settings;
  const loaded = await keysOf(service, { keys, ...(signWith && { signWith }) });
  return new SMARTBackendAuth({ ...rest, scope, keys: loaded, clock: terminal.clock });
}
