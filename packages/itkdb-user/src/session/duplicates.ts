// `allowDuplicate: false`: before a test run is uploaded, the database is asked whether it has the same one already, as the
// original's client does. It keeps no other kind of object from being made twice.
import { asString, parseObject, recordOf } from '@axios-authorizer/core/extend';
import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { BadJSON, DuplicateTestRuns, InvalidInvocation } from './exceptions.js';
import { jsonIn } from './listing.js';
import { paginate } from './paginate.js';
import { isSameTestRun } from './test-run.js';

const UPLOAD = /(?:^|\/)uploadTestRunResults\/?$/;
/** The questions themselves: asked anew, and of no duplicates. */
const ASKING = { allowDuplicate: true, cache: false } as const;
const CODE_LENGTH = 32;

/** Puts the look for duplicates on the client of a session. */
export function refuseDuplicates(client: AxiosInstance): void {
  client.interceptors.request.use(
    async (config) => {
      const testRun = testRunIn(config);
      const testRuns = await duplicatesOf(client, testRun);
      if (testRuns.length > 0) throw new DuplicateTestRuns(`Duplicate test runs: ${testRuns.join(', ')}`, testRuns);
      return config;
    },
    null,
    { runWhen: ({ allowDuplicate }) => allowDuplicate === false },
  );
}

type Members = Readonly<Record<string, unknown>>;

/** @throws InvalidInvocation for what is no upload of a test run */
function testRunIn({ method, url = '', data }: InternalAxiosRequestConfig<unknown>): Members {
  if (method?.toLowerCase() !== 'post' || !UPLOAD.test(url.split(/[?#]/)[0] ?? ''))
    throw new InvalidInvocation('`allowDuplicate: false` works for POST uploadTestRunResults alone; leave it out');
  const testRun = recordOf(typeof data === 'string' ? parseObject(data) : data);
  for (const name of ['component', 'testType'])
    if (!asString(testRun[name]))
      throw new InvalidInvocation(`\`allowDuplicate: false\` needs the ${name} of the test run in \`data\``);
  return testRun;
}

/** The ids of the test runs that are there already. */
async function duplicatesOf(client: AxiosInstance, testRun: Members): Promise<readonly string[]> {
  const alike = await idsOfAlike(client, testRun);
  if (alike.length === 0) return [];
  const others = (await testRunsOf(client, alike)).filter((one) => !isSameTestRun(testRun, one));
  const different = new Set(others.map(({ id }) => id));
  return alike.filter((id) => !different.has(id));
}

/** Of the same component, stage and type. */
async function idsOfAlike(client: AxiosInstance, { component, stage, testType }: Members): Promise<readonly string[]> {
  const key = asString(component)?.length === CODE_LENGTH ? 'code' : 'serialNumber';
  const where = { [key]: component, ...(stage !== undefined && { stage: [stage] }) };
  const filterMap = { ...where, testType: [testType], state: ['ready'] };
  const ids: string[] = [];
  for await (const found of paginate(client, { url: 'listTestRunsByComponent', data: { filterMap }, ...ASKING })) {
    const id = asString(recordOf(found)['id']);
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

async function testRunsOf(client: AxiosInstance, ids: readonly string[]): Promise<readonly Members[]> {
  const data = { testRun: ids };
  const response = await client.request<unknown>({ method: 'get', url: 'getTestRunBulk', data, ...ASKING });
  const { itemList, testRunList } = recordOf(jsonIn(response.data)?.value);
  const found: unknown = itemList ?? testRunList;
  if (!Array.isArray(found)) throw new BadJSON(response, { why: 'holds no list (itemList, testRunList)' });
  return found.map((one) => recordOf(one));
}
