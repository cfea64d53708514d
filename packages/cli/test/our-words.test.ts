// No message of a library may tell who types commands to set an option of a function. The messages are read from the libraries'
// sources, so that a new one falls out here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_OPTIONS } from '../src/services/options.js';
import { inOurWords } from '../src/terminal/our-words.js';

const packages = join(__dirname, '../..');
const LIBRARIES = ['core', 'smart-backend', 'itkdb-user', 'cognito'];
/** What the command never uses, so that nobody sees its messages. */
const UNUSED = new RegExp(
  [
    'core/src/(?:axios|dpop|browser|fetch|opentelemetry|sessions|node/sources)/',
    'core/src/node/file-key-store|core/src/oauth2/(?:introspection|discovery/discover-resource)',
    'smart-backend/src/(?:ehr-sessions|keys/publish/)',
    'itkdb-user/src/(?:session|cache)/|itkdb-user/src/(?:user|itkdb-client)\\.ts',
    'cognito/src/(?:hosted-ui|oauth2|verify|node/verify)',
  ].join('|'),
);
/** Of options that the command does not set, or sets itself and not by what was typed. */
const OF_OUR_CODE = [
  /^(?:timeoutMs|leaseMs|assertionLifetimeMs|defaultLifetimeMs) must be/,
  /^`(?:keyStore|keyPair|acceptTokenTypes|initialToken|redirectUri|issParameterSupported|metadataOrigins)[`.]/,
  /^grant\.code, redirectUri or codeVerifier is empty|needs (?:a )?`(?:grant|deviceAuthorizationUrl|keyDirectory)`/,
  /^… needs `tokenUrl` \(or `issuer`\)/, // the command misses them before
  /clientInfo of …$|is given twice, flat and in/,
  /^preferredChallenge is for authFlow/,
  /^, errorUri = $/, // code between two texts
];

interface Source {
  readonly path: string;
  readonly text: string;
}

function sourcesOf(library: string): readonly Source[] {
  const folder = join(packages, library, 'src');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return {
      path: `${library}/src/${name.replaceAll('\\', '/')}`,
      text: text.replace(/^\s*(?:\*|\/\/|\/\*\*).*$/gm, ''),
    };
  });
}

const sources = LIBRARIES.flatMap(sourcesOf);

/** The names of the options that functions take. */
function optionNames(): ReadonlySet<string> {
  const bodies = sources.flatMap(({ text }) => [
    ...text.matchAll(/interface \w*(?:Options|Config)\b[^{]*\{([\s\S]*?)\n\}/g),
  ]);
  const names = bodies.flatMap(([, body = '']) =>
    [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name),
  );
  return new Set(names.filter((name) => /[a-z][A-Z]/.test(name)));
}

/** Texts of several words, where they stand in the code of what the command uses. */
function messages(): readonly Source[] {
  return sources
    .filter(({ path }) => !UNUSED.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1/g)].map(([, , said = '']) => ({ path, text: said })),
    )
    .filter(({ text }) => /[a-z,:;)`]+ [a-z(`]/i.test(text));
}

const settings = new Set(Object.values(SERVICE_OPTIONS).flatMap((options) => Object.keys(options)));
const foreign = [...optionNames(), 'clientAuth', 'clientInfo'].filter((name) => !settings.has(name));

it('there are options and messages to look at', () => {
  expect(foreign).toEqual(expect.arrayContaining(['anyMode', 'encryptionKey', 'onChallenge', 'modulusLength']));
  expect(messages().length).toBeGreaterThan(300);
});

it('every message that names an option of a function says in the words of the command what to do', () => {
  const named = new RegExp(`(?<![\\w$.{(])(?:${foreign.join('|')})(?![\\w(?:])`);
  const left = messages()
    .map(({ path, text }) => ({ path, text: inOurWords(text.replaceAll('\\`', '`').replace(/\$\{[^}]*\}/g, '…')) }))
    .filter(({ text }) => named.test(text) && !OF_OUR_CODE.some((form) => form.test(text)));
  expect(left.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
});
