// A login service whose keys change: under a new id, or under the id of the old one. Is its next login taken, and what is said
// while the key set cannot be read?
import { failureOf, lifeMs, world } from '../stage.js';
import type { World } from '../stage.js';

/** Somebody has logged in, so that the keys are known, and the login is over. */
async function afterOneLogin(): Promise<World> {
  const here = await world({ user: { maxRetries: 0 } });
  await here.user.authenticate();
  here.clock.set(here.clock.now() + lifeMs);
  return here;
}

function signedByStranger({ itkdb }: World): void {
  const id_token = itkdb.tokenWith({}, { signedBy: 'stranger' });
  itkdb.nextLogin({ json: { access_token: 'opaque', id_token, expires_in: 1800, token_type: 'Bearer' } });
}

it('an id token whose signature does not fit has the key set read once more, and no oftener (C16, I1)', async () => {
  const here = await world({ user: { maxRetries: 0 } });
  signedByStranger(here);
  const error = await failureOf(here.user.authenticate());
  expect(error).toMatchObject({ code: 'id_token_refused' });
  expect(error.message).toContain('signature');
  expect(here.itkdb.keyReads).toBe(2);
});

it('while the key set cannot be read, such a signature is no verdict: the login service is unavailable (I8)', async () => {
  const here = await afterOneLogin();
  signedByStranger(here);
  here.itkdb.nextKeys({ status: 503 }, { status: 503 }); // as they are old, and as one does not fit
  const error = await failureOf(here.user.authenticate());
  expect(error).toMatchObject({ name: 'LoginError', kind: 'unavailable', transient: true });
  expect(error.message).toContain('listKeys could not be read again');
});

it('a key that is new while the key set cannot be read makes no refusal, and logins go on when it can (I8)', async () => {
  const here = await afterOneLogin();
  here.itkdb.rotateKeys();
  here.itkdb.nextKeys({ status: 503, headers: { 'retry-after': '7' } });
  const error = await failureOf(here.user.authenticate());
  expect(error).toMatchObject({ name: 'LoginError', kind: 'unavailable', transient: true, retryAfterMs: 7_000 });
  const waiting = await failureOf(here.user.authenticate());
  expect(waiting).toMatchObject({ code: 'cooling_down', kind: 'unavailable', retryAfterMs: 7_000 });
  here.clock.set(here.clock.now() + 7_000);
  expect(await here.user.authenticate()).toBe(true);
  expect(here.itkdb.keyReads).toBe(3);
});

it('a key set that stays away is asked about less and less often, as the codes go with each login (I8)', async () => {
  const here = await afterOneLogin();
  here.itkdb.rotateKeys();
  const waits: unknown[] = [];
  for (let count = 0; count < 4; count += 1) {
    here.itkdb.nextKeys({ status: 503 });
    await failureOf(here.user.authenticate());
    const { retryAfterMs } = await failureOf(here.user.authenticate());
    waits.push(retryAfterMs);
    here.clock.set(here.clock.now() + Number(retryAfterMs));
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
});
