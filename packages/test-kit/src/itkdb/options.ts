// What a test can say to the production database of the ITk and read from it: the whole of its public face in one place,
// so that the rules themselves can be read without it.

import type { Answer, LoopbackOptions, LoopbackServer } from '@axios-authorizer/testing/extend';

export interface ItkdbUser {
  readonly accessCode1: string;
  readonly accessCode2: string;
  /** The claims uuidentity and sub, such as '12-3456-1'. */
  readonly identity: string;
  readonly name: string;
  /** The codes are good but not enough: 500 'uu-oidc-main/grantToken/unsupportedCredentials ', with that blank, message 'acr'; default false. */
  readonly needsBrowser?: boolean;
  /** Commands that are answered with 403 userIsNotAuthorized; default none. */
  readonly forbidden?: readonly string[];
}

export interface ItkdbOptions extends LoopbackOptions {
  /** Default one: { accessCode1: 'code-1', accessCode2: 'code-2', identity: '12-3456-1', name: 'Test User' }. */
  readonly users?: readonly ItkdbUser[];
  /** The claim aud of id tokens, and what the database demands; default 'https://itkpd.unicornuniversity.net'. */
  readonly audience?: string;
  /** The time of both servers, for tokens, envelopes and the Date header; default the system's. */
  readonly clock?: { now(): number };
  /** Life of the id token in whole seconds; default 1800. */
  readonly tokenSeconds?: number;
  /** How many components listComponents knows, 'c0' being the first; default 70. */
  readonly components?: number;
  /** How many institutions listInstitutions knows; default 3. */
  readonly institutions?: number;
  /** Size of a page when the request names none; default 1000, as recorded. */
  readonly pageSize?: number;
  /** Whether listings say how many items there are in all; default true. */
  readonly totals?: boolean;
  /** Path of the database on its host, with a slash at both ends; default '/'. */
  readonly apiPath?: string;
  /** Further commands, for any method and behind the checks, answered so; default none. */
  readonly commands?: Readonly<Record<string, Answer>>;
  /** The error of wrong access codes, both having been seen; default 'uu-oidc-main/notAuthenticated'. */
  readonly wrongCodesKey?: 'uu-oidc-main/notAuthenticated' | 'uu-oidc-main/grantToken/identityNotAuthenticated';
  /** The error of an ended bearer is 'uu-oidc/invalidToken ', with a blank at its end; default false. */
  readonly trailingBlank?: boolean;
  /** Real idle time in milliseconds after which a connection is closed; default never, though Keep-Alive speaks of 5 s. */
  readonly keepAliveMs?: number;
}

export interface ItkdbTokenOptions {
  /** HS256 is keyed with the PEM of the public key, as in an attack by confusion of algorithms; default 'RS256'. */
  readonly alg?: 'RS256' | 'RS384' | 'RS512' | 'HS256' | 'none';
  /** null: the header has none; default the one of the signing key. */
  readonly kid?: string | null;
  /** Signed with a key that is not in the key set, under our kid unless `kid` is given. */
  readonly signedBy?: 'stranger';
}

export interface ItkdbApiRecord extends LoopbackServer {
  /** The bearer of each request, in order. */
  bearers(): (string | undefined)[];
  /** The Cookie header of each request, in order. */
  cookies(): (string | undefined)[];
  /** Requests for a command, such as 'listComponents', whatever became of them. */
  count(command: string): number;
}

export interface Itkdb {
  /** Ends in '/oidc/'; grantToken and listKeys stand beneath it. */
  readonly authUrl: string;
  /** Ends in '/'; another port than the login service. */
  readonly apiUrl: string;
  /** The claim iss: `authUrl` without its last slash. */
  readonly issuer: string;
  /** Logins granted, those with a lost answer included. */
  readonly logins: number;
  /** Logins that the service itself refused; scripted answers are in neither count. */
  readonly refusedLogins: number;
  /** Requests for listKeys, scripted ones included. */
  readonly keyReads: number;
  /** What createThing was given, in order; undefined for what is not JSON. */
  readonly things: readonly unknown[];
  /** The database: what it received; its `stop` is an outage of it alone. */
  readonly api: ItkdbApiRecord;
  /** The login service: what it received; its `stop` is an outage of it alone. */
  readonly login: LoopbackServer;
  /** A new key signs and is first in the key set, where the old ones stay; tokens that they signed stay good. */
  rotateKeys(): void;
  /** Leaves but the newest key in the key set; tokens stay good all the same. */
  dropOldKeys(): void;
  /** Bearers so far are answered with 401 'uu-oidc/invalidToken'. */
  revokeAll(): void;
  /** Whether the database would let the bearer in now. */
  valid(bearer: string): boolean;
  /** A token as the first user would get it now but for these claims; undefined leaves one out. */
  tokenWith(claims: object, options?: ItkdbTokenOptions): string;
  /** Answers for the next requests to grantToken, in order of arrival; undefined for a normal one. */
  nextLogin(...answers: (Answer | undefined)[]): void;
  /** The same for listKeys. */
  nextKeys(...answers: (Answer | undefined)[]): void;
  /** The same for the database, before any check. */
  nextApi(...answers: (Answer | undefined)[]): void;
  /** The uuAppErrorMap of a command's successes: warnings, or a plain string as was seen; undefined: {} again. */
  setWarning(command: string, errorMap: unknown): void;
  /** A new version of a component, hence another ETag. @throws Error when there is none of that code */
  touch(code: string): void;
  /** Ends both servers; may be called twice. */
  stop(): Promise<void>;
}
