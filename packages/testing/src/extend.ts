// For who builds a loopback server of another kind: the parts of which those of this package are made. None of them needs core
// or axios, so that tests of such a server load neither.
export { filler, reply, script, stream, wait } from './server/answer.js';
export type { Answer, Script, Scripted } from './server/answer.js';
export { bearerOf } from './server/bearer.js';
export { gate } from './server/gate.js';
export type { Gate } from './server/gate.js';
export { startLoopback } from './server/loopback.js';
export type { LoopbackHandler, LoopbackOptions, LoopbackServer, Received } from './server/loopback.js';
export { ManualClock } from './manual-clock.js';
export { leaks, renderings } from './secrets/renderings.js';
export { TokenDesk } from './token-endpoint/desk.js';
export type { Judgement, TokenAsk, TokenCall, TokenDeskOptions } from './token-endpoint/desk.js';
export { TokenLedger } from './token-endpoint/ledger.js';
export type { GrantDetails, LedgerOptions } from './token-endpoint/ledger.js';
