// Ctrl-C at every question that a person can be asked: 130, the terminal as it was, and nothing kept.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCognitoPool } from '@axios-authorizer/test-kit';
import type { CognitoPoolUser } from '@axios-authorizer/test-kit';
import { AS_IT_WAS, cli, freshHome, startWithState } from './program.js';
import type { Place } from './program.js';

const sources = join(__dirname, '../src');
const CTRL_C = '\u0003';

interface Row {
  readonly argv: readonly string[];
  /** What is asked before, and what is typed then. */
  readonly before?: readonly (readonly [question: string, typed: string])[];
  readonly place: Place;
  readonly stop?: () => Promise<void>;
}
type Make = () => Promise<Row>;

const nowhere = 'http://127.0.0.1:1/';
const oauth2 = ['oauth2', '--token-url', nowhere, '--client-id', 'a'];

function plain(argv: readonly string[], ...before: NonNullable<Row['before']>): Make {
  return async () => ({ argv, before, place: { home: freshHome() } });
}

/** A sign-in at a user pool. */
function cognito(
  user: Partial<CognitoPoolUser>,
  more: readonly string[] = [],
  ...before: NonNullable<Row['before']>
): Make {
  return async () => {
    const whole = { username: 'ada', password: 'correct horse battery', phone: '+15550100', email: 'ada@example.org' };
    const pool = await startCognitoPool({ clients: [{ clientId: 'the-app' }], users: [{ ...whole, ...user }] });
    const at = [
      '--user-pool-id',
      pool.poolId,
      '--client-id',
      'the-app',
      '--username',
      'ada',
      '--endpoint',
      pool.endpoint,
    ];
    const env: Record<string, string> = more.length > 0 ? {} : { AXIOS_AUTHORIZER_PASSWORD: whole.password };
    return {
      argv: ['login', 'cognito', ...at, ...more],
      before,
      place: { home: freshHome(), env },
      stop: () => pool.stop(),
    };
  };
}

/** A folder with an encrypted key. */
const withKeys =
  (argv: readonly string[]): Make =>
  async () => {
    const place = { home: freshHome(), env: { PASSPHRASE: 'a-passphrase-of-keys' } };
    await cli(['keys', 'generate', 'keys', '--passphrase-from', 'env:PASSPHRASE'], place);
    return { argv, place };
  };

const userAuth = ['--auth-flow', 'USER_AUTH'];
const TABLE: Readonly<Record<string, Make>> = {
  "The client's secret:": plain(['token', ...oauth2]),
  "The user's password:": plain(['login', ...oauth2, '--grant', 'password', '--username', 'ada']),
  'The refresh token, for that grant:': plain([
    'token',
    ...oauth2,
    '--grant',
    'refresh_token',
    '--client-authentication',
    'none',
    '--refresh-token-from',
    'prompt',
  ]),
  'The key of the token store:': plain(['token', ...oauth2, '--store-key-from', 'prompt']),
  'The first access code:': plain(['login', 'itkdb', '--auth-url', nowhere]),
  'The second access code:': plain(
    ['login', 'itkdb', '--auth-url', nowhere],
    ['The first access code:', 'typed-by-a-person\r'],
  ),
  'The passphrase of an encrypted key:': withKeys([
    'token',
    'smart',
    '--base-url',
    nowhere,
    '--client-id',
    'a',
    '--keys',
    'keys',
    '--passphrase-from',
    'prompt',
  ]),
  'The passphrase:': plain(['keys', 'generate', 'keys', '--passphrase-from', 'prompt']),
  'User name:': plain(['login', ...oauth2, '--grant', 'password']),
  'User name: of a pool': plain([
    'login',
    'cognito',
    '--user-pool-id',
    'eu-west-1_AbC',
    '--client-id',
    'a',
    '--endpoint',
    nowhere,
  ]),
  'Code from the text message': cognito({ mfa: 'SMS_MFA' }),
  'Code from the e-mail': cognito({ mfa: 'EMAIL_OTP' }),
  'Code from your authenticator app': cognito({ mfa: 'SOFTWARE_TOKEN_MFA' }),
  'Code from your authenticator app: to set it up': cognito({ mfaSetup: true }),
  'E-mail address for codes:': cognito({ mfaSetup: ['EMAIL_OTP'] }),
  'New password': cognito({ mustChangePassword: true }),
  'Second factor': cognito({ mfaChoices: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] }),
  'Sign in with': cognito({ firstFactors: ['PASSWORD', 'SMS_OTP'] }, userAuth),
  Password: cognito({ firstFactors: ['PASSWORD'] }, userAuth),
  "The user's password: of a way that was chosen": cognito({ firstFactors: ['PASSWORD', 'SMS_OTP'] }, userAuth, [
    'Sign in with',
    '\r',
  ]),
};

/** Where sources ask something, each as the file and what is asked for there. */
function questionsInSources(): readonly string[] {
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names.flatMap((name) => {
    const text = readFileSync(join(sources, name), 'utf8');
    const asked = text.matchAll(/\bprompts(?:For\([^;]*?\))?\.(secret|text|confirm|choose)\(/g);
    return [...asked].map(([, how = '']) => `${name.replaceAll('\\', '/')} ${how}`);
  });
}

/** The texts that options and challenges ask with. */
function textsInSources(): readonly string[] {
  const options = readFileSync(join(sources, 'services/options.ts'), 'utf8');
  const secrets = [...options.matchAll(/form: 'secret',\s+about: (?:'([^']+)'|"([^"]+)")/g)].map(
    ([, one, two]) => one ?? two ?? '',
  );
  const challenges = readFileSync(join(sources, 'services/kinds/challenges.ts'), 'utf8');
  const [, questions = ''] = /const QUESTIONS[^{]*\{([^}]*)\}/.exec(challenges) ?? [];
  const named = [...questions.matchAll(/: '([^']+)'/g)].map(([, text = '']) => text);
  return [...secrets.map((about) => `${about.slice(0, 1).toUpperCase()}${about.slice(1)}:`), ...named];
}

it('every question of the sources is in the table', () => {
  expect(questionsInSources().toSorted()).toEqual([
    'secrets/secret-source.ts secret', // the secrets of services, the passphrase of keys, the key of the store
    'services/kinds/challenges.ts choose', // a second factor, a way to sign in
    'services/kinds/challenges.ts secret', // an answer to a challenge
    'services/kinds/challenges.ts secret', // the first code of an app
    'services/kinds/challenges.ts text', // the address for codes
    'services/kinds/cognito.ts text', // the user's name
    'services/kinds/oauth2.ts text', // the user's name
  ]);
  const texts = textsInSources();
  expect(texts.length).toBeGreaterThan(10);
  expect(texts.filter((text) => TABLE[text] === undefined)).toEqual([]);
});

/** Every file below a folder, with its text. */
function filesIn(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')]),
  );
}

it.each(Object.entries(TABLE))(
  'Ctrl-C at %j is 130, the terminal is as it was, and nothing is kept',
  async (title, make) => {
    const { argv, before = [], place, stop } = await make();
    const files = filesIn(place.home);
    const running = startWithState(argv, place);
    try {
      for (const [question, typed] of before) {
        await running.seen(question);
        running.type(typed);
      }
      await running.seen(title.replace(/: (?:of|to) .*$/, ''));
      running.type(CTRL_C);
      const { code, out } = await running.ended;
      expect([code, out]).toEqual([130, expect.stringContaining(AS_IT_WAS)]);
      expect(out.lastIndexOf('\u001B[?25l')).toBeLessThanOrEqual(out.lastIndexOf('\u001B[?25h')); // a cursor that was hidden
      expect(out).not.toContain('typed-by-a-person');
      expect(filesIn(place.home)).toEqual(files);
    } finally {
      running.child.kill('SIGKILL');
      await stop?.();
    }
  },
);
