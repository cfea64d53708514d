// What lies between this machine and a server: the name, a proxy, the connection, the time. The same for every service.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { sendForm } from '@axios-authorizer/core/extend';
import type { Transport } from '@axios-authorizer/core';
import { inWords } from '../../tokens/durations.js';
import { failure, gravest, ok, warning } from '../check.js';
import type { Check, CheckContext, Finding } from '../check.js';
import { BY_NETWORK, networkCodeOf } from '../../terminal/network.js';
import { proxyFinding, proxyFor } from './proxy.js';
import { placesOf } from './target.js';
import type { Place, Target } from './target.js';
import { connectionFinding } from './tls.js';

export interface NetworkOptions {
  /** Where requests go; asked when the configuration is known. */
  readonly targets: () => readonly Target[];
  /** What is asked for the time; any answer has one. */
  readonly clockUrl: () => string;
  readonly transport?: Transport | undefined;
  readonly allowInsecure?: boolean | undefined;
}

/** The checks of the network, in the order in which a request needs what they are about. */
export function networkChecks(options: NetworkOptions): readonly Check[] {
  const forEach = (look: (place: Place, context: CheckContext) => Promise<Finding>) => (context: CheckContext) =>
    ofPlaces(options.targets(), (place) => look(place, context));
  return [
    { id: 'proxy', title: 'Proxy', needs: ['configuration'], run: forEach(proxyFinding) },
    { id: 'name', title: 'Name resolution', needs: ['proxy'], run: forEach(nameFinding) },
    {
      id: 'tls',
      title: 'TCP and TLS',
      needs: ['name', 'proxy'],
      run: forEach((place, context) => connectionFinding(place, options.transport, context)),
    },
    { id: 'clock', title: 'Clock', needs: ['tls'], run: (context) => clockFinding(options, context) },
  ];
}

/** The same three questions about hosts that are known only later, such as that of a discovered token endpoint. */
export async function wayFinding(
  targets: readonly Target[],
  { transport }: Pick<NetworkOptions, 'transport'>,
  context: CheckContext,
): Promise<Finding> {
  return ofPlaces(targets, async (place) => {
    for (const look of [proxyFinding, nameFinding]) {
      const finding = await look(place, context);
      if (finding.status === 'failure') return finding;
    }
    return connectionFinding(place, transport, context);
  });
}

/** The gravest of what was found at each host; when all is well, all of it. */
async function ofPlaces(targets: readonly Target[], look: (place: Place) => Promise<Finding>): Promise<Finding> {
  const findings = await Promise.all(placesOf(targets).map(look));
  const worst = gravest(findings);
  return worst.status === 'ok' ? ok([...new Set(findings.map(({ found }) => found))].join('; ')) : worst;
}

async function nameFinding(place: Place, { env }: CheckContext): Promise<Finding> {
  const { host } = place;
  if (typeof proxyFor(place, env) === 'object') return ok(`the proxy looks ${host} up`);
  if (isIP(host) !== 0) return ok(`${host} is an address`);
  try {
    const addresses = await lookup(host, { all: true });
    return ok(`${host} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    const code = networkCodeOf(error) ?? 'no answer';
    return failure('unavailable', `${host} has no address (${code})`, BY_NETWORK[code] ?? '');
  }
}

const TOLERATED_MS = 30_000;

/** The server's Date against ours, at the middle of the request. */
async function clockFinding(options: NetworkOptions, { signal, clock }: CheckContext): Promise<Finding> {
  const { transport, allowInsecure, clockUrl } = options;
  const headers = { Accept: 'application/json' };
  const answer = await sendForm({ url: clockUrl(), headers, transport, allowInsecure, signal, clock });
  const serverMs = Date.parse(String(answer.headers['date']));
  if (Number.isNaN(serverMs))
    return warning(
      'the server does not say what time it is (it sends no Date), so the clocks cannot be compared',
      "look at this machine's clock yourself (NTP); a client that corrects its assertions by the server's time cannot do so here",
    );
  const aheadMs = serverMs - (answer.sentAt + answer.receivedAt) / 2;
  const differenceMs = Math.abs(aheadMs);
  if (differenceMs <= TOLERATED_MS) return ok(`differs from the server's by ${Math.round(differenceMs / 1000)} s`);
  return warning(
    `${inWords(differenceMs)} ${aheadMs > 0 ? 'behind' : 'ahead of'} the server's`,
    "set this machine's clock by NTP (on Linux: timedatectl set-ntp true); if it is right, the server's is wrong. Signed assertions and tokens go by it",
  );
}
