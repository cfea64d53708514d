// What happens when a source returns a token that is expired already?
import { failureOf } from '../endpoint/stage.js';
import { handlerOver, hourMs } from './jwt-source.js';
import type { Stage } from './jwt-source.js';

/** A wait of exactly this long lies between this try and the next. */
async function expectWait({ clock, asked }: Stage, tries: number, delayMs: number): Promise<void> {
  await clock.sleeping(2);
  await clock.advance(delayMs - 1);
  expect(asked()).toBe(tries);
  await clock.advance(1);
  expect(asked()).toBe(tries + 1);
}

describe.each<[what: string, lifeMs: number]>([
  ['inside the minute', 59_999],
  ['about to end', 1],
  ['ended an hour ago', -hourMs],
])('a token that is %s', (_, lifeMs) => {
  it('is asked for again after 1 s, 2 s, 4 s, then given up (sessions)', async () => {
    const stage = handlerOver([lifeMs]);
    const failed = failureOf(stage.handler.authenticate());
    await expectWait(stage, 1, 1_000);
    await expectWait(stage, 2, 2_000);
    await expectWait(stage, 3, 4_000);
    expect(await failed).toMatchObject({ name: 'AuthenticationError', code: 'expired_token', kind: 'unavailable' });
    expect([stage.asked(), stage.handler.authenticated]).toEqual([4, false]);
  });

  it('is forgotten as soon as a good one comes (sessions)', async () => {
    const stage = handlerOver([lifeMs, hourMs]);
    const authenticated = stage.handler.authenticate();
    await expectWait(stage, 1, 1_000);
    await authenticated;
    expect([stage.handler.jwt, stage.handler.authenticated]).toEqual(['jwt-2', true]);
  });

  it.each([0, 1])('is asked for %i more times with that many maxRetries (sessions)', async (maxRetries) => {
    const stage = handlerOver([lifeMs]);
    const failed = failureOf(stage.handler.authenticate({ maxRetries }));
    if (maxRetries > 0) await expectWait(stage, 1, 1_000);
    expect(await failed).toMatchObject({ code: 'expired_token' });
    expect(stage.asked()).toBe(maxRetries + 1);
  });
});

it('maxRetries of the handler counts for getValidToken (sessions)', async () => {
  const stage = handlerOver([1], { maxRetries: 0 });
  expect(await failureOf(stage.handler.getValidToken())).toMatchObject({ code: 'expired_token' });
  expect(stage.asked()).toBe(1);
});
