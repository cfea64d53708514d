// The envelopes of errors and warnings as they were published: what is read from them, in which words, and what is not shown.
import { recorded, withRecordings } from './data.js';
import { describeErrors, errorMapOf, warningsIn } from '../../src/index.js';
import { exceptionFor } from '../../src/session/status-exceptions.js';
import { renderings } from '@axios-authorizer/test-kit';
import type { AxiosResponse } from 'axios';
import type { ErrorSamples } from './data.js';

function answer(status: number, data: unknown): AxiosResponse {
  return {
    status,
    data,
    statusText: '',
    headers: {},
    config: { url: '/x', method: 'get' },
  } as unknown as AxiosResponse;
}

withRecordings('the published error envelopes', () => {
  let samples: ErrorSamples;
  beforeAll(() => {
    samples = recorded('uu-error-map-samples');
  });

  it('the real one: its message and the keys that it complains about, without the server’s trace (I4)', () => {
    const map = errorMapOf(samples.real);
    expect(Object.keys(map)).toEqual(['uu-jokes-main/sayHello/invalidDtoIn']);
    expect(map['uu-jokes-main/sayHello/invalidDtoIn']).toEqual({
      type: 'error',
      message: 'DtoIn is not valid.',
      paramMap: {
        invalidValueKeyMap: { $: { 'shape.e002': 'The content of shape must be valid.' } },
        missingKeyMap: { '$.name': { 'isRequired.e001': 'The value is required but missing.' } },
      },
    });
    expect(describeErrors(map)).toBe('uu-jokes-main/sayHello/invalidDtoIn: DtoIn is not valid. ($.name, $)');
  });

  it.each([
    ['an object', (value: unknown) => value],
    ['a text', (value: unknown) => JSON.stringify(value)],
    ['bytes', (value: unknown) => Buffer.from(JSON.stringify(value))],
    ['an ArrayBuffer', (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).buffer],
  ])('read from %s it is the same (I4)', (_as, form) => {
    expect(errorMapOf(form(samples.real))).toEqual(errorMapOf(samples.real));
    expect(Object.keys(errorMapOf(samples.real))).toHaveLength(1);
  });

  it('no printed form of the exception holds the trace, which the answer does (I4)', () => {
    const exception = exceptionFor(answer(400, samples.real));
    expect(JSON.stringify(samples.real)).toContain('InvalidDtoIn: DtoIn is not valid...');
    expect(renderings(exception).filter((text) => text.includes('InvalidDtoIn: '))).toEqual([]);
    expect(renderings(exception).some((text) => text.includes('$.name'))).toBe(true);
  });

  it('a key that ends in a blank is found without it (I4)', () => {
    const { login_needs_browser_500: needsBrowser } = samples.synthetic;
    expect(JSON.stringify(needsBrowser)).toContain('unsupportedCredentials "');
    expect(Object.keys(errorMapOf(needsBrowser))).toEqual(['uu-oidc-main/grantToken/unsupportedCredentials']);
  });

  it('a warning in a success is told with its key (I4)', () => {
    expect(warningsIn(samples.synthetic['success_with_warning_200'])).toEqual([
      'cern-itkpd-main/getComponent/unsupportedKeys: DtoIn contains unsupported keys. ($.foo)',
    ]);
    expect(describeErrors(errorMapOf(samples.synthetic['success_with_warning_200']))).toMatch(/keys\. \(\$\.foo\)$/);
  });

  it('the map that was seen as a text is one warning, and no error map (I4)', () => {
    const data = { itemList: [], uuAppErrorMap: '#<UuApp::Oidc::Session:0x000055>' };
    expect(warningsIn(data)).toEqual(['#<UuApp::Oidc::Session:0x000055>']);
    expect(errorMapOf(data)).toEqual({});
    expect(warningsIn({ uuAppErrorMap: '' })).toEqual([]);
  });

  it('each key that was seen is the code of an exception of its status (I4)', () => {
    const errors = samples.seen.filter(({ status }) => status >= 300);
    const codes = errors.map(({ key, status }) => exceptionFor(answer(status, { uuAppErrorMap: { [key]: {} } })).code);
    expect(codes).toEqual(errors.map(({ key }) => key));
    expect(codes.length).toBeGreaterThan(7);
  });
});

it.each([
  undefined,
  null,
  '',
  'text',
  '{',
  '[]',
  7,
  [],
  { uuAppErrorMap: null },
  { uuAppErrorMap: [] },
  Buffer.of(255),
])('no map, no warning and no error of our own in %p (I4)', (data) => {
  expect([errorMapOf(data), warningsIn(data), describeErrors(errorMapOf(data))]).toEqual([{}, [], '']);
});

it('an entry that is no object is kept as a key without a message (I4)', () => {
  const map = errorMapOf({ uuAppErrorMap: { 'a/b/c': 'text', 'a/b/d': null, 'a/b/e': { message: 5, paramMap: 'x' } } });
  expect(map).toEqual({ 'a/b/c': {}, 'a/b/d': {}, 'a/b/e': {} });
  expect(describeErrors(map)).toBe('a/b/c: no message; a/b/d: no message; a/b/e: no message');
});
