// A login service that puts another key under the id of the old one: is its next login taken?
import { failureOf, world } from '../stage.js';

it('an id token whose signature does not fit has the key set read once more, and no oftener (C16, I1)', async () => {
  const { user, itkdb } = await world({ user: { maxRetries: 0 } });
  const id_token = itkdb.tokenWith({}, { signedBy: 'stranger' });
  itkdb.nextLogin({ json: { access_token: 'opaque', id_token, expires_in: 1800, token_type: 'Bearer' } });
  const error = await failureOf(user.authenticate());
  expect(error).toMatchObject({ code: 'id_token_refused' });
  expect(error.message).toContain('signature');
  expect(itkdb.keyReads).toBe(2);
});
