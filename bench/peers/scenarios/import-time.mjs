import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spread } from '../report/words.mjs';

const HERE = fileURLToPath(new URL('..', import.meta.url));

export const importTime = {
  name: 'import-time',
  title: 'Loading it',
  about: ({ spawns }) =>
    `\`import()\` in fresh processes of Node, milliseconds of the processor, since others may be at work on the machine: the package; for those that stand on axios, what is added to loading axios. Medians of ${spawns} in turns, three times: the middle one, and the least and the most.`,
  size: { full: { spawns: 3, repeats: 3 }, smoke: { spawns: 1 } },
  columns: ['ms', 'beside it'],
  measuresAll: true,
  appliesTo: () => true,
  onePerPackage: true,
  async run(clients, { spawns }) {
    const programs = clients.map(({ bundle }) => modulesOf(bundle));
    const rounds = Array.from({ length: spawns }, () => [once(['axios']), ...programs.map(once)]);
    const [axiosMs, ...all] = rounds[0].map((_, column) => median(rounds.map((round) => round[column])));
    return all.map((ms, index) => (programs[index].includes('axios') ? { ms: ms - axiosMs, axiosMs } : { ms }));
  },
  cells: ({ ms, axiosMs }) => [
    { text: spread(ms, 0) },
    { text: axiosMs === undefined ? 'does without axios' : `and ${axiosMs.median.toFixed(0)} for axios` },
  ],
  chart: {
    title: 'ms to load it, axios not counted (less is better)',
    value: ({ ms }) => Math.max(0, ms.median),
    digits: 0,
  },
  better: {
    value: ({ ms }) => ms.median,
    tolerance: 1,
    why: {
      'axios-auth-refresh': 'they are one small file each.',
      'axios-auth-refresh-queue': 'they are one small file each.',
      'axios-token-interceptor': 'it is two small files.',
      'axios-jwt': 'it is a few small files, and brings no source of tokens.',
      '@badgateway/oauth2-client':
        'it is small, stands on fetch alone, and leaves storage, allow list and redaction to the caller.',
      'openid-client + interceptor by hand': 'it is a protocol library without a lifecycle.',
      'aws-jwt-verify': 'it verifies with what Node has; ours loads jsonwebtoken and jwks-rsa.',
      'amazon-cognito-identity-js': 'it has one way to sign in, and no hosted UI.',
    },
  },
};

/** What the user's program imports, axios first. */
function modulesOf(program) {
  const names = [...program.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  return names.toSorted((one, other) => Number(other === 'axios') - Number(one === 'axios'));
}

function once(names) {
  const program = `const before = process.cpuUsage(); ${names.map((name) => `await import('${name}');`).join(' ')}
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
  const args = ['--input-type=module', '-e', program];
  return Number(execFileSync(process.execPath, args, { cwd: HERE, encoding: 'utf8' }));
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}
