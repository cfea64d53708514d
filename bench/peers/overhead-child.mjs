// Measures one client beside its bare self, in a process of its own, where nobody else's code has taught the compiler anything.
// Usage: node overhead-child.mjs NAME ROUNDS WARM_UP. Prints JSON.

import { batchOf, measure } from '../measure.mjs';
import { clients } from './clients/index.mjs';
import { instantWorld } from './world.mjs';

const [, , name, rounds, warmUp] = process.argv;
const client = clients.find((one) => one.name === name);
const own = await client.open(instantWorld());
const bare = client.bare(instantWorld());
const runs = [
  { name: 'own', batch: batchOf(() => own.send()) },
  { name: 'bare', batch: batchOf(bare.send) },
];
const [ownUs, bareUs] = (await measure(runs, Number(rounds), Number(warmUp))).map(({ ns }) => ns / 1000);
console.log(JSON.stringify({ bareName: bare.name, bareUs, addedUs: ownUs - bareUs }));
process.exit();
