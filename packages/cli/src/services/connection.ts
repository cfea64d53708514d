// What every kind of service makes its authorizer with.
import type { AuthorizerOptions, TokenStore, Transport } from '@axios-authorizer/core';
import type { Terminal } from '../terminal/terminal.js';
import type { Service } from './service.js';

export interface Connection {
  readonly service: Service;
  readonly terminal: Terminal;
  readonly store: TokenStore;
  readonly options: AuthorizerOptions;
  /** Whether a person is asked for what is missing: `login`. */
  readonly interactive: boolean;
}

/** Who is asked for a password or a code needs longer than a server. */
const WITH_A_PERSON_MS = 300_000;
const TRIES = 3;

/** Limits where a person may be asked in the course of it: of the whole, and of each request. */
export function limitsWithPerson({ service, terminal }: Pick<Connection, 'service' | 'terminal'>): {
  readonly whole: Pick<AuthorizerOptions, 'timeoutMs' | 'maxRetries'>;
  readonly transport: Transport | undefined;
} {
  const { timeoutMs } = service;
  if (!terminal.isInteractive) return { whole: { timeoutMs }, transport: undefined };
  const whole = { timeoutMs: timeoutMs + WITH_A_PERSON_MS, maxRetries: TRIES - 1 };
  return { whole, transport: { timeout: Math.ceil(timeoutMs / TRIES) } };
}
