// Answers that are handed in later: wrong, empty, too late, twice, at a bad moment. Which of them may be handed in again?
import { cognitoError } from '@axios-authorizer/test-kit';
import { alice, another, asked, failureOf, passing, world } from '../stage.js';
import { begun, bySms, elsewhere, stopped } from './stage.js';

it('a wrong code is told, twice, and the right one is taken for the same challenge (G2)', async () => {
  const here = await stopped(bySms);
  const authorizer = elsewhere(here);
  for (const code of ['111111x', '222222x'])
    expect(await failureOf(authorizer.answerChallenge(here.challenge, code))).toMatchObject({
      code: 'wrong_code',
      kind: 'credentials',
      exception: 'CodeMismatchException',
    });
  expect((await authorizer.answerChallenge(here.challenge, here.pool.code('alice'))).username).toBe('alice');
  expect(here.pool.count('InitiateAuth')).toBe(1);
});

it('an empty code is not sent, and the right one is taken after it (G2)', async () => {
  const here = await stopped(bySms);
  const authorizer = elsewhere(here);
  expect(await failureOf(authorizer.answerChallenge(here.challenge, ''))).toMatchObject({ code: 'wrong_code' });
  expect(asked(here.pool)).toEqual(begun);
  expect((await authorizer.answerChallenge(here.challenge, here.pool.code('alice'))).username).toBe('alice');
});

it('a challenge is answered once: the second time it has expired (G2)', async () => {
  const here = await stopped(bySms);
  const code = here.pool.code('alice');
  await elsewhere(here).answerChallenge(here.challenge, code);
  expect(await failureOf(elsewhere(here).answerChallenge(here.challenge, code))).toMatchObject({
    code: 'challenge_expired',
    kind: 'credentials',
  });
});

it('a throttled answer is sent again, by one who could not begin anew (G2, G4)', async () => {
  const here = await stopped(bySms);
  here.pool.next('RespondToAuthChallenge', cognitoError('TooManyRequestsException', 'Rate exceeded'));
  const answering = elsewhere(here).answerChallenge(here.challenge, here.pool.code('alice'));
  expect((await passing(here.clock, answering)).username).toBe('alice');
  expect(here.pool.count('InitiateAuth')).toBe(1);
});

it('an answer whose request was cut off is sent again, and no new code asked for (G2, G4)', async () => {
  const here = await stopped(bySms);
  here.pool.next('RespondToAuthChallenge', { reset: true });
  const answering = here.authorizer.answerChallenge(here.challenge, here.pool.code('alice'));
  expect((await passing(here.clock, answering)).username).toBe('alice');
  expect(here.pool.count('InitiateAuth')).toBe(1);
});

it('an answer counts even while another session is held, and takes its place (G2)', async () => {
  const bob = { username: 'bob', password: 'Correct-Horse-2' };
  const here = await world({ pool: { users: [bob, { ...alice, ...bySms }] } });
  const { challenge } = await failureOf(here.authorizer.getToken());
  const shared = another(here, bob);
  expect((await shared.getToken()).username).toBe('bob');
  expect((await shared.answerChallenge(challenge, here.pool.code('alice'))).username).toBe('alice');
  expect(here.pool.count('GetTokensFromRefreshToken')).toBe(0);
});
