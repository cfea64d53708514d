// Every scenario, in the order of the page. To add one, write its file and list it here.

import { bodyReplay } from './body-replay.mjs';
import { bundle } from './bundle.mjs';
import { deadEndpoint } from './dead-endpoint.mjs';
import { importTime } from './import-time.mjs';
import { leaks } from './leaks.mjs';
import { overhead } from './overhead.mjs';
import { rollover } from './rollover.mjs';
import { rotation } from './rotation.mjs';
import { shortTokens } from './short-tokens.mjs';
import { storms } from './storms.mjs';
import { verify } from './verify.mjs';

/**
 * A scenario is { name, title, about(size), size: { full, smoke }, columns, appliesTo(client), run(client, size), cells(result, size) }.
 * `appliesTo` answers true, or why not; `cells` gives one { text, mark? } a column, where a mark is 'good', 'part', 'bad' or 'none' and
 * must be the same in every run. `measuresAll`: run takes all clients at once and returns as many results; `isParallel`: the clients
 * run side by side; `onePerPackage`: configurations do not differ; `chart` draws a value; `better` says by which value a client can be
 * better than ours, and why it then is.
 */
export const scenarios = [
  storms,
  rotation,
  shortTokens,
  deadEndpoint,
  rollover,
  bodyReplay,
  leaks,
  overhead,
  importTime,
  bundle,
  verify,
];
