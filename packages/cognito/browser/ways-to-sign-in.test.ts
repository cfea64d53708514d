// What only a browser can judge: passkeys that Chromium's own authenticator signs, devices in a real localStorage, and the
// pool's time, read through CORS.
import { launchChromium, ManualClock, startCognitoPool, startLoopback } from '@axios-authorizer/test-kit';
import { build } from 'esbuild';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { CognitoPool, CognitoPoolOptions, CognitoPoolUser, LoopbackServer } from '@axios-authorizer/test-kit';
import type { Browser, Page } from 'playwright-core';

const clientId = 'the-page';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const credentialId = randomBytes(16);
const ada: CognitoPoolUser = {
  username: 'ada',
  password: 'Difference-1',
  mfa: 'SMS_MFA',
  firstFactors: ['WEB_AUTHN'],
  passkey: {
    id: credentialId.toString('base64url'),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  },
};

/** Signs in, and out again, and returns whose token it was. */
const script = `
  import { SRPAuthorizer, webDeviceStore } from '@axios-authorizer/cognito';
  globalThis.signIn = async (options) => {
    const onChallenge = async ({ name, parameters }) => {
      if (name !== 'WEB_AUTHN') return codeFor(name);
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(parameters.CREDENTIAL_REQUEST_OPTIONS));
      return navigator.credentials.get({ publicKey });
    };
    const client = { clientId: '${clientId}' };
    const authorizer = new SRPAuthorizer(client, { ...options, devices: webDeviceStore(), onChallenge });
    const { username } = await authorizer.getToken();
    await authorizer.logout();
    return username;
  };`;

let browser: Browser;
let site: LoopbackServer;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: join(__dirname, '..') },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const code = outputFiles[0]?.text ?? '';
  site = await startLoopback(({ url }, response) => {
    response.setHeader('content-type', url === '/app.js' ? 'text/javascript' : 'text/html');
    response.end(url === '/app.js' ? code : '<script type="module" src="/app.js"></script>');
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await site.stop();
});

interface Visit {
  readonly page: Page;
  readonly pool: CognitoPool;
  /** The challenges for which a code was asked. */
  readonly codes: string[];
  readonly signIn: (options: object) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A fresh visitor of a fresh pool. A passkey belongs to a name, which 127.0.0.1 is not. */
async function visit(options: CognitoPoolOptions = {}): Promise<Visit> {
  const pool = await startCognitoPool({ users: [ada], clients: [{ clientId }], ...options });
  const page = await browser.newPage();
  const codes: string[] = [];
  await page.exposeFunction('codeFor', (name: string) => {
    codes.push(name);
    return pool.code('ada');
  });
  await load(page);
  const signIn = (more: object): Promise<string> => {
    const given = { userPoolId: pool.poolId, endpoint: pool.endpoint, username: 'ada', ...more };
    return page.evaluate(`signIn(${JSON.stringify(given)})`);
  };
  const close = async (): Promise<void> => {
    await page.close();
    await pool.stop();
  };
  return { page, pool, codes, signIn, close };
}

async function load(page: Page): Promise<void> {
  await page.goto(site.origin.replace('127.0.0.1', 'localhost'));
  await page.waitForFunction("typeof signIn === 'function'");
}

it('WEB_AUTHN takes the credential of the browser’s own authenticator (G7)', async () => {
  const { page, pool, signIn, close } = await visit();
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true },
  });
  const credential = {
    credentialId: credentialId.toString('base64'),
    isResidentCredential: false,
    rpId: 'localhost',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    signCount: 0,
  };
  await session.send('WebAuthn.addCredential', { authenticatorId, credential });
  expect(await signIn({ authFlow: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' })).toBe('ada');
  expect(pool.operations.map(({ name }) => name)).toEqual(['InitiateAuth', 'RespondToAuthChallenge', 'RevokeToken']);
  await close();
});

it('a device in localStorage outlives sign-outs and page loads: one code, one device (G8)', async () => {
  const { page, pool, codes, signIn, close } = await visit({ deviceTracking: 'always' });
  for (let visits = 0; visits < 4; visits += 1) {
    await load(page);
    expect(await signIn({ password: 'Difference-1' })).toBe('ada');
  }
  expect([codes, pool.devices('ada').length]).toEqual([['SMS_MFA'], 1]);
  await close();
});

it('a page whose clock is ten minutes late signs in at once (G8)', async () => {
  const { pool, signIn, close } = await visit({ clock: new ManualClock(Date.now() + 600_000) });
  expect(await signIn({ password: 'Difference-1' })).toBe('ada');
  expect(pool.count('InitiateAuth')).toBe(1);
  await close();
});
