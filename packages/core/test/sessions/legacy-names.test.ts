// Do the names from before the renaming still lead somewhere?
import * as core from '../../src/index.js';
import { handlerOver, hourMs } from './jwt-source.js';
import type { ExternallyManagedJWT, RefreshableJWT } from '../../src/index.js';

const { RefreshableJWTHandler, RefreshableJWTSession } = core;
const names: Readonly<Record<string, unknown>> = core;

it('the old names are the new things (sessions)', () => {
  expect(names['GenericExternallyManagedJWTHandler']).toBe(RefreshableJWTHandler);
  expect(names['ExternallyManagedJWTSession']).toBe(RefreshableJWTSession);
});

it('what was an externally managed JWT makes a handler (sessions)', async () => {
  // oxlint-disable-next-line typescript/no-deprecated -- this is the test of the deprecated name
  const old: ExternallyManagedJWT = { getToken: () => ['jwt', new Date(Date.UTC(2100, 0, 1))] };
  const renamed: RefreshableJWT = old;
  await expect(new RefreshableJWTHandler(renamed).getValidToken()).resolves.toBe('jwt');
});

it('an instance of the one is an instance of the other (sessions)', () => {
  const session = new RefreshableJWTSession(handlerOver([hourMs]).handler, { baseURL: 'https://api.example.org' });
  const Old = names['ExternallyManagedJWTSession'] as typeof RefreshableJWTSession;
  expect(session).toBeInstanceOf(Old);
});
