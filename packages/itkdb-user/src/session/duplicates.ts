// `allowDuplicate: false`: before a test run is uploaded, the database is asked whether it has the same one already, as the
// original's client does. It keeps no other kind of object from being made twice.
import { asString, omitUndefined, parseObject, recordOf } from '@axios-authorizer/core/extend';
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { CallerLimits } from '../cache/caller-limits.js';
import { BadJSON, DuplicateTestRuns, InvalidInvocation } from './exceptions.js';
import { jsonIn } from './listing.js';
import { paginate } from './paginate.js';
import { isSameTestRun } from './test-run.js';

const UPLOAD = /(?:^|\/)uploadTestRunResults\/?$/;
const CODE_LENGTH = 32;

/**
 * Puts the look for duplicates on the client of a session.
 * @param isOurs whether a request goes to the database
 */
export function refuseDuplicates(client: AxiosInstance, isOurs: (config: Config) => boolean): void {
  client.interceptors.request.use(
    async (config) => {
      if (!isUpload(config) || !isOurs(config))
        throw new InvalidInvocation('`allowDuplicate: false` works for POST uploadTestRunResults alone; leave it out');
      const limits = new CallerLimits(config);
      const testRun = testRunIn(config);
      const testRuns = await limits.within((signal) => duplicatesOf(client, testRun, askingFor(config, signal)));
      if (testRuns.length > 0) throw new DuplicateTestRuns(`Duplicate test runs: ${testRuns.join(', ')}`, testRuns);
      return Object.assign(config, { timeout: limits.leftMs() ?? config.timeout });
    },
    null,
    { runWhen: ({ allowDuplicate }) => allowDuplicate === false },
  );
}

type Config = InternalAxiosRequestConfig<unknown>;
type Members = Readonly<Record<string, unknown>>;

function isUpload({ method, url = '' }: Config): boolean {
  return method?.toLowerCase() === 'post' && UPLOAD.test(url.split(/[?#]/)[0] ?? '');
}

/** As it will be sent. @throws InvalidInvocation for what is no test run */
function testRunIn({ data }: Config): Members {
  const text: unknown = typeof data === 'string' ? data : JSON.stringify(data);
  const testRun = recordOf(parseObject(asString(text) ?? ''));
  for (const name of ['component', 'testType'])
    if (!asString(testRun[name]))
      throw new InvalidInvocation(`\`allowDuplicate: false\` needs the ${name} of the test run in \`data\``);
  return testRun;
}

/** How the questions are asked: anew, by the way that the upload takes, as whom it is sent, and as long as it may take. */
function askingFor(
  { baseURL, httpAgent, httpsAgent, proxy, timeout, authorizer, auth, headers }: Config,
  signal: AbortSignal,
): Asking {
  const way = omitUndefined({
    baseURL,
    httpAgent: httpAgent as unknown,
    httpsAgent: httpsAgent as unknown,
    proxy,
    timeout,
    authorizer,
    auth,
  });
  const own = headers.get('Authorization');
  const credentials = own ? { headers: { Authorization: own } } : {};
  return { ...way, ...credentials, signal, allowDuplicate: true, cache: false };
}

type Asking = Omit<AxiosRequestConfig<unknown>, 'url' | 'data'>;

/** The ids of the test runs that are there already. */
async function duplicatesOf(client: AxiosInstance, testRun: Members, asking: Asking): Promise<readonly string[]> {
  const alike = await idsOfAlike(client, testRun, asking);
  if (alike.length === 0) return [];
  const request = { ...asking, method: 'get', url: 'getTestRunBulk', data: { testRun: alike } };
  const others = testRunsIn(await client.request<unknown>(request)).filter((one) => !isSameTestRun(testRun, one));
  const different = new Set(others.map(({ id }) => id));
  return alike.filter((id) => !different.has(id));
}

/** Of the same component, stage and type. */
async function idsOfAlike(client: AxiosInstance, testRun: Members, asking: Asking): Promise<readonly string[]> {
  const { component, stage, testType } = testRun;
  const key = asString(component)?.length === CODE_LENGTH ? 'code' : 'serialNumber';
  const where = { [key]: component, ...(stage !== undefined && { stage: [stage] }) };
  const filterMap = { ...where, testType: [testType], state: ['ready'] };
  const ids: string[] = [];
  for await (const found of paginate(client, { ...asking, url: 'listTestRunsByComponent', data: { filterMap } })) {
    const id = asString(recordOf(found)['id']);
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/** @throws BadJSON for what is no list */
function testRunsIn(response: AxiosResponse<unknown>): readonly Members[] {
  const { itemList, testRunList } = recordOf(jsonIn(response.data)?.value);
  const found: unknown = itemList ?? testRunList;
  if (!Array.isArray(found)) throw new BadJSON(response, { why: 'holds no list (itemList, testRunList)' });
  return found.map((one) => recordOf(one));
}
