// The client's own keys: can they be read, are they strong, and does the key set that servers read hold the same ones.
import { loadKeys, publicJwks } from '@axios-authorizer/smart-backend';
import { parseObject, recordOf, sendForm } from '@axios-authorizer/core/extend';
import type { Transport } from '@axios-authorizer/core';
import type { Jwk, LoadKeysOptions, PublicJwk, SmartBackendKeys } from '@axios-authorizer/smart-backend';
import { createPublicKey } from 'node:crypto';
import { failure, ok, skipped, warning } from './check.js';
import type { Check, CheckContext, Finding } from './check.js';

export type KeysFrom = Parameters<typeof loadKeys>[0];

export interface KeyChecksOptions extends LoadKeysOptions {
  readonly keys: KeysFrom | undefined;
  /** Where servers read the key set. Default: it was registered by hand. */
  readonly jwksUrl: string | undefined;
  readonly transport?: Transport | undefined;
  readonly allowInsecure?: boolean | undefined;
  /** Gets the keys once they are there; the first signs. */
  readonly onKeys: (keys: readonly SmartBackendKeys[]) => void;
}

/** Key strength and file modes; the key set. */
export function keyChecks(options: KeyChecksOptions): readonly Check[] {
  let loaded: readonly SmartBackendKeys[] = [];
  const readKeys = async (): Promise<Finding> => {
    const { keys, passphrase, kid, signWith, anyMode } = options;
    loaded = await loadKeys(keys ?? '', { passphrase, kid, signWith, anyMode });
    options.onKeys(loaded);
    return strengthFinding(loaded, anyMode);
  };
  return [
    { id: 'keys', title: 'Keys', needs: ['configuration'], run: readKeys },
    { id: 'key-set', title: 'Key set', needs: ['keys'], run: (context) => keySetFinding(loaded, options, context) },
  ];
}

function strengthFinding(keys: readonly SmartBackendKeys[], anyMode = false): Finding {
  const [signing] = keys;
  const others = keys.length > 1 ? `; ${keys.length - 1} more` : '';
  const found = `${signing?.kid ?? ''} signs: ${keys.slice(0, 1).map(strengthOf).join('')}${others}`;
  return anyMode
    ? warning(
        `${found}; others may read the file (anyMode)`,
        'that is for secrets that an orchestrator mounts; else chmod 600 the file and leave anyMode out',
      )
    : ok(found);
}

function strengthOf({ alg, publicKeyPem }: SmartBackendKeys): string {
  const { asymmetricKeyDetails } = createPublicKey(publicKeyPem);
  return alg === 'RS384' ? `RS384, RSA with ${asymmetricKeyDetails?.modulusLength ?? 0} bits` : 'ES384, P-384';
}

async function keySetFinding(
  keys: readonly SmartBackendKeys[],
  { jwksUrl, transport, allowInsecure }: KeyChecksOptions,
  { signal, clock }: CheckContext,
): Promise<Finding> {
  if (jwksUrl === undefined)
    return skipped('no URL of a key set is given (jwksUrl or jku): is the public key registered by hand?');
  const headers = { Accept: 'application/json' };
  const answer = await sendForm({ url: jwksUrl, headers, transport, allowInsecure, signal, clock });
  if (answer.status !== 200)
    return failure('configuration', `${answer.endpoint} answered ${answer.status}`, unreadable(answer.status));
  const { keys: published } = recordOf(parseObject(answer.text));
  if (!Array.isArray(published))
    return failure(
      'configuration',
      `${answer.endpoint} holds no JSON with "keys"`,
      'publish the output of: axios-authorizer keys jwks',
    );
  const { keys: own } = await publicJwks(keys);
  return comparison(own, published.map(recordOf));
}

function unreadable(status: number): string {
  const from = 'servers read it without credentials, cookies and redirects';
  return status === 401 || status === 403
    ? `${from}: take the login away from this URL`
    : `${from}: check the URL (jwksUrl), and what serves it; axios-authorizer keys jwks prints what it must answer`;
}

type Members = Readonly<Record<string, unknown>>;

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

function comparison(own: readonly PublicJwk[], published: readonly Members[]): Finding {
  const shown = published.find((key) => PRIVATE.some((name) => name in key));
  if (shown !== undefined)
    return failure(
      'configuration',
      `the key set shows the private key ${String(shown['kid'])} to everybody`,
      'that key is lost: take the set down, make a new key (axios-authorizer keys rotate), register it, and publish what keys jwks prints',
    );
  const [signing, ...others] = own;
  const missing = [signing, ...others].filter(
    (key) => key !== undefined && published.every(({ kid }) => kid !== key.kid),
  );
  if (signing === undefined || missing.includes(signing))
    return failure(
      'configuration',
      `the key set does not hold the key that signs, ${signing?.kid ?? ''}`,
      'publish it (axios-authorizer keys jwks), and wait as long as servers may keep the old set (its Cache-Control) before it signs',
    );
  const other = own.find((key) => published.some((one) => one['kid'] === key.kid && !isSame(key, one)));
  if (other !== undefined)
    return failure(
      'configuration',
      `the key set has another key under the kid ${other.kid} than this machine`,
      'a kid is never given twice: publish the public half of the key that signs here (axios-authorizer keys jwks), or make a new one with a kid of its own',
    );
  const rest = missing.length === 0 ? '' : `; ${missing.length} of the others not yet`;
  return ok(`holds the key that signs, and no private part; ${published.length} in all${rest}`);
}

function isSame(key: Jwk, published: Members): boolean {
  return ['kty', 'n', 'e', 'crv', 'x', 'y'].every((name) => key[name] === published[name]);
}
