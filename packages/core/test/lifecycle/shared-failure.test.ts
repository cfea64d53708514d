// A thousand callers share one failure: do they share one error object, too?
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, clientCredentialsSource, TokenEndpointError } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, failureOf, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

async function thousand(auth: Authorizer): Promise<AuthenticationError[]> {
  return Promise.all(Array.from({ length: 1_000 }, () => failureOf(auth.getToken())));
}

it('a thousand callers get a thousand errors with one cause, from one request (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always({ status: 400, json: { error: 'invalid_scope', error_description: 'no such scope' } });
  const errors = await thousand(new Authorizer(clientCredentialsSource(at(idp, clock)), { clock }));
  expect(new Set(errors).size).toBe(1_000);
  expect(new Set(errors.map(({ cause }) => cause)).size).toBe(1);
  expect(errors.every((error) => error instanceof TokenEndpointError)).toBe(true);
  expect(errors.at(-1)).toMatchObject({ status: 400, error: 'invalid_scope', errorDescription: 'no such scope' });
  expect(idp.calls).toBe(1);
});

it('what one caller appends to its stack, as axios does, the others and the cause never see (C5)', async () => {
  const hook = new HandHook();
  const pending = thousand(new Authorizer(hook.get, { clock: new ManualClock() }));
  await settled();
  hook.fail(new Error('boom'));
  const errors = await pending;
  const cause = errors[0]?.cause as AuthenticationError;
  const before = [cause.stack?.length, (cause.cause as AuthenticationError).stack?.length];
  const lengths = new Set(errors.map(({ stack = '' }) => stack.length));
  for (const error of errors) error.stack += '\n    at somebody else (file.ts:1:1)';
  const grown = new Set(errors.map(({ stack = '' }) => stack.length));
  expect(Math.max(...grown)).toBe(Math.max(...lengths) + '\n    at somebody else (file.ts:1:1)'.length);
  expect([cause.stack?.length, (cause.cause as AuthenticationError).stack?.length]).toEqual(before);
});

it('those who are told to wait during the rest get errors of their own with the same cause (C5)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const first = failureOf(auth.getToken());
  await settled();
  hook.fail(new Error('boom'));
  const { cause } = await first;
  const errors = await thousand(auth);
  expect(new Set(errors).size).toBe(1_000);
  expect(errors.every((error) => error.code === 'cooling_down' && error.cause === cause)).toBe(true);
});

it("an error keeps its class, name and fields as each caller's own (C5)", async () => {
  class Locked extends AuthenticationError {
    readonly until = '09:00';
  }
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const first = failureOf(auth.getToken());
  await settled();
  const thrown = new Locked('locked', { code: 'not_authenticated', kind: 'credentials', cause: 'why' });
  hook.fail(thrown);
  const error = await first;
  expect(error).toBeInstanceOf(Locked);
  expect(error).toMatchObject({ message: 'locked', until: '09:00', kind: 'credentials', cause: thrown });
  expect(error).not.toBe(thrown);
});
