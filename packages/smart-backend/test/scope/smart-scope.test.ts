// Which scopes go out (RFC 6749 section 3.3), and which of them are reported as typos (SMART App Launch 2.2, "Scopes for
// requesting FHIR Resources").
import { ConfigurationError } from '@axios-authorizer/core';
import { SMARTBackendAuth, smartScope } from '../../src/index.js';
import { authorize, clientId, esKey, failureOf, formOf, notices, tokenRequests, world } from '../stage.js';
import type { Received } from '@axios-authorizer/test-kit';
import type { SmartScope } from '../../src/index.js';

function sent(scope: string | readonly (string | SmartScope)[]): string {
  return new SMARTBackendAuth({ baseUrl: 'https://ehr.example.com', clientId, keys: esKey, scope }).scope;
}

it.each<[scope: SmartScope, text: string]>([
  [{ resource: 'Patient', access: 'rs' }, 'system/Patient.rs'],
  [{ resource: '*', access: 'cruds' }, 'system/*.cruds'],
  [{ resource: 'Patient', access: 'read' }, 'system/Patient.read'],
  [{ resource: '*', access: '*' }, 'system/*.*'],
  [{ context: 'user', resource: 'Encounter', access: 'u' }, 'user/Encounter.u'],
  [{ context: 'patient', resource: 'Observation', access: 'write' }, 'patient/Observation.write'],
  [
    { resource: 'Observation', access: 'rs', query: { category: 'laboratory' } },
    'system/Observation.rs?category=laboratory',
  ],
  [{ resource: 'Observation', access: 'rs', query: { a: '1', b: '2' } }, 'system/Observation.rs?a=1&b=2'],
  [{ resource: 'Observation', access: 'rs', query: {} }, 'system/Observation.rs'],
])('smartScope(%j) is %s (S1)', (scope, text) => {
  expect(smartScope(scope)).toBe(text);
});

it('a query looks as in the examples of the IG, which servers compare as text (S1)', () => {
  const category = 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory';
  expect(smartScope({ context: 'patient', resource: 'Observation', access: 'rs', query: { category } })).toBe(
    `patient/Observation.rs?category=${category}`,
  );
});

it.each(['read', 'write', '*'])('the first form, %s, knows no query (S1)', (access) => {
  const make = (): string => smartScope({ resource: 'Patient', access, query: { _id: '1' } });
  expect(make).toThrow(ConfigurationError);
});

it('what would end a scope, or its value, is encoded in a query (S1)', () => {
  const query = { 'code:text': 'blood pressure', note: 'a&b=c+"d"\\' };
  const text = smartScope({ resource: 'Observation', access: 'rs', query });
  expect(text).toMatch(/^system\/Observation\.rs\?[\x21\x23-\x5b\x5d-\x7e]+$/);
  expect([...new URLSearchParams(text.split('?')[1])]).toEqual(Object.entries(query));
});

const letters = 'cruds'.split('');

it('every choice of letters in their order is good (S1)', () => {
  for (let choice = 1; choice < 32; choice += 1) {
    const access = letters.filter((_, index) => choice & (1 << index)).join('');
    expect(smartScope({ resource: 'Patient', access })).toBe(`system/Patient.${access}`);
  }
});

it.each([
  ['sr', 'rs'],
  ['dc', 'cd'],
  ['sdurc', 'cruds'],
  ['rr', 'r'],
])('letters out of order, or twice, (%s) are refused with the order that is meant: %s (S1)', (access, ordered) => {
  const make = (): string => smartScope({ resource: 'Patient', access });
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(new RegExp(`order of "cruds": ${ordered}$`));
});

it.each([
  'system/Patient.',
  'system/Patient',
  'system/.rs',
  'system/',
  'system/patient.rs',
  'system/Patient.rx',
  'system/Patient.READ',
  'system/Patient.RS',
  'system/Patient.sr',
  'system/Patient.read-write',
  'system/Patient.rs?',
  'system/Patient.rs,system/Observation.rs',
  'system/Patient.$',
  'user/*',
  'user/allergy.read',
  'patient/Patient/1.rs',
  'system/Patient.read?_id=1',
  'system/*.*?_id=1',
])('%p is sent as it is, and the observer hears that it looks like a typo (S7)', async (scope) => {
  const stage = await world({ options: { scope: [scope, 'system/*.rs'] } });
  stage.server.nextToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300 } });
  await authorize(stage.auth);
  expect(formOf(tokenRequests(stage.server)[0] as Received).get('scope')).toBe(`${scope} system/*.rs`);
  expect(notices(stage)).toEqual([
    expect.stringMatching(/^The scope ".*" looks like a typo: .+; it is sent as it is$/) as string,
  ]);
  expect(notices(stage)[0]).toContain(JSON.stringify(scope));
});

it('the operations of OpenEMR get a token, without a word (S7)', async () => {
  const scope = 'system/*.$export system/*.$bulkdata-status system/Group.$export system/Patient.rs';
  const stage = await world({ options: { scope } });
  expect((await authorize(stage.auth)).scope).toBe(scope);
  expect(notices(stage)).toEqual([]);
});

it.each([
  'system/Pat ient.rs',
  'system/Patient.rs"',
  'system/Patient.rs\\',
  'system/Patient.rs\u0000',
  'system/Patient.rs\u007f',
  'system/Pätient.rs',
  'api"',
])('%p is no scope of RFC 6749 and is refused before anything is sent (S7)', (scope) => {
  expect(() => sent([scope])).toThrow(ConfigurationError);
});

it('a refused scope that looks like a typo is told with the doubt (S7)', async () => {
  const stage = await world({ options: { scope: 'system/patient.rs' } });
  stage.server.alwaysToken({ status: 400, json: { error: 'invalid_scope' } });
  const { message, code } = await failureOf(authorize(stage.auth));
  expect(code).toBe('scope_refused');
  expect(message).toContain('resource types begin with a capital');
});

it('a scope that is refused is named in the message, in a form that can be printed (S1)', () => {
  expect(() => sent(['system/Patient.rs', 'system/Obs\u001b[31m.rs'])).toThrow('"system/Obs\\u001b[31m.rs"');
});

it.each<[scope: string | readonly string[]]>([[''], ['   '], ['\n\t'], [[]], [['']], [['', ' ']]])(
  '%j asks for nothing (S1)',
  (scope) => {
    expect(() => sent(scope)).toThrow(/`scope` is empty/);
  },
);

it.each([
  ['openid fhirUser launch/patient offline_access', 'openid fhirUser launch/patient offline_access'],
  ['https://ehr.example.com/scopes/all', 'https://ehr.example.com/scopes/all'],
  ['api system/*.rs', 'api system/*.rs'],
  ['systems/patient.whatever', 'systems/patient.whatever'],
])('scopes that are not about FHIR resources (%s) are left to the server (S1)', (scope, text) => {
  expect(sent(scope)).toBe(text);
});

it.each<[scope: string | readonly (string | SmartScope)[], text: string]>([
  ['  system/Patient.rs   system/Observation.rs\n', 'system/Patient.rs system/Observation.rs'],
  [['system/Patient.rs', 'system/Observation.rs'], 'system/Patient.rs system/Observation.rs'],
  [[' system/Patient.rs ', ''], 'system/Patient.rs'],
  [['system/Patient.rs', { resource: 'Patient', access: 'rs' }, 'openid'], 'system/Patient.rs openid'],
  ['system/*.rs system/*.rs system/*.read', 'system/*.rs system/*.read'],
  ['system/Observation.rs?category=laboratory', 'system/Observation.rs?category=laboratory'],
])('%j is sent as %s (S5)', (scope, text) => {
  expect(sent(scope)).toBe(text);
});
