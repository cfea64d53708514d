// What every kind of service makes its authorizer with.
import type { AuthorizerOptions, TokenStore } from '@axios-authorizer/core';
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
