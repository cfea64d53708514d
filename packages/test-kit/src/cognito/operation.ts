// What an operation is, for the table in which all of them meet.

import type { Members } from './members.js';

/** By name; what they give is the answer's body, and what they throw is a CognitoFault. */
export type Operations = Readonly<Record<string, (body: Members) => object>>;
