// Every fault that the login service and the database of the ITk can simulate.
import { itkdbStrangeAnswers, startItkdb } from '@axios-authorizer/test-kit';
import type { Itkdb, ItkdbOptions } from '@axios-authorizer/test-kit';
import { itkdbSubject } from '../../src/doctor/services/itkdb.js';
import type { ItkdbSubjectOptions } from '../../src/doctor/services/itkdb.js';
import { hanging, nowhere } from './stage.js';
import type { Defer, StartStage } from './stage.js';

interface Setting {
  readonly server?: ItkdbOptions;
  readonly client?: ItkdbSubjectOptions;
  readonly with?: (itkdb: Itkdb) => unknown;
}

const codes = { accessCode1: 'code-1', accessCode2: 'code-2' };
const person = { ...codes, identity: '12-3456-1', name: 'Test User' };

async function started(
  defer: Defer,
  { server, client, with: prepare }: Setting,
): Promise<{ itkdb: Itkdb; given: ItkdbSubjectOptions }> {
  const itkdb = await startItkdb(server);
  defer(() => itkdb.stop());
  await prepare?.(itkdb);
  return { itkdb, given: { ...codes, authUrl: itkdb.authUrl, apiUrl: itkdb.apiUrl, ...client } };
}

function stage(setting: Setting): StartStage {
  return async (defer) => itkdbSubject((await started(defer, setting)).given);
}

/** Of the database, to a new login as well. */
function strange(answer: Parameters<Itkdb['nextApi']>[0]): StartStage {
  return stage({ with: (itkdb) => itkdb.nextApi(answer, answer) });
}

const strangeStages: Readonly<Record<`itkdb: the database answers ${keyof typeof itkdbStrangeAnswers}`, StartStage>> = {
  'itkdb: the database answers page': strange(itkdbStrangeAnswers.page),
  'itkdb: the database answers half': strange(itkdbStrangeAnswers.half),
  'itkdb: the database answers empty': strange(itkdbStrangeAnswers.empty),
  'itkdb: the database answers noList': strange(itkdbStrangeAnswers.noList),
};

const hour = 3_600_000;

export const itkdbStages = {
  ...strangeStages,
  'itkdb: all is well': stage({}),
  'itkdb: nothing is configured': async () => itkdbSubject({}),
  'itkdb: nothing listens': async () =>
    itkdbSubject({ ...codes, authUrl: `${await nowhere()}/oidc/`, apiUrl: `${await nowhere()}/` }),
  'itkdb: the login service is away': stage({ with: (itkdb) => itkdb.nextKeys(undefined, { status: 503, text: '' }) }),
  'itkdb: that is not the login service': stage({ with: (itkdb) => itkdb.nextKeys(undefined, { text: '<html>' }) }),
  'itkdb: the login service has no keys': stage({ with: (itkdb) => itkdb.nextKeys(undefined, { json: { keys: [] } }) }),
  'itkdb: the keys are gone when the login is verified': stage({
    with: (itkdb) => itkdb.nextKeys(undefined, undefined, { status: 503, text: '' }),
  }),
  'itkdb: our clock is slow': stage({ server: { clock: { now: () => Date.now() + hour } } }),
  'itkdb: our clock is fast': stage({ server: { clock: { now: () => Date.now() - hour } } }),
  'itkdb: the access codes are wrong': stage({ client: { accessCode2: 'wrong' } }),
  'itkdb: the access codes are wrong, in the other words': stage({
    server: { wrongCodesKey: 'uu-oidc-main/grantToken/identityNotAuthenticated' },
    client: { accessCode2: 'wrong' },
  }),
  'itkdb: the account needs a browser': stage({ server: { users: [{ ...person, needsBrowser: true }] } }),
  'itkdb: the login is for another audience': stage({ server: { audience: 'https://another.example' } }),
  'itkdb: the login is of another issuer': stage({ client: { issuer: 'https://another.example' } }),
  'itkdb: the login lives for seconds': stage({ server: { tokenSeconds: 30 } }),
  'itkdb: the login answers 503': stage({ with: (itkdb) => itkdb.nextLogin({ status: 503, text: '' }) }),
  'itkdb: the login asks for fewer requests': stage({ with: (itkdb) => itkdb.nextLogin({ status: 429, text: '' }) }),
  'itkdb: the login answers a page': stage({ with: (itkdb) => itkdb.nextLogin({ text: '<html>' }) }),
  'itkdb: the login cuts the connection': stage({ with: (itkdb) => itkdb.nextLogin({ reset: true }) }),
  'itkdb: a gateway refuses the login': stage({ with: (itkdb) => itkdb.nextLogin({ status: 403, text: '<html>' }) }),
  'itkdb: the login hangs': async (defer: Defer) => {
    const { itkdb, given } = await started(defer, { with: (one) => one.nextLogin({ hang: true }) });
    return hanging(itkdbSubject(given), () => itkdb.login.requests.filter(({ method }) => method === 'POST').length);
  },
  'itkdb: the database is away': async (defer: Defer) => {
    const { itkdb, given } = await started(defer, {});
    await itkdb.api.stop();
    return itkdbSubject(given);
  },
  'itkdb: the database answers 503': stage({ with: (itkdb) => itkdb.nextApi({ status: 503, text: '' }) }),
  'itkdb: the database does not take the login': strange({
    status: 401,
    json: { uuAppErrorMap: { 'uu-oidc/invalidToken ': { message: 'Token is not valid.' } } },
  }),
  'itkdb: the database cannot read the login': strange({
    status: 500,
    json: { uuAppErrorMap: { 'uu-app-server/internalServerError': { message: 'Signature verification raised' } } },
  }),
  'itkdb: the person may not do that': stage({ server: { users: [{ ...person, forbidden: ['listInstitutions'] }] } }),
  'itkdb: the database warns': stage({
    with: (itkdb) =>
      itkdb.setWarning('listInstitutions', {
        'cern-itkpd-main/listInstitutions/unsupportedKeys': { type: 'warning', message: 'DtoIn has unsupported keys.' },
      }),
  }),
  'itkdb: the command does not exist': stage({ client: { call: 'listNothing' } }),
} satisfies Readonly<Record<string, StartStage>>;
