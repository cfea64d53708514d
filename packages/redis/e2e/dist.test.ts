// publint and attw look at files and types only; this proves that both builds run over both clients, and that the tarball
// installs without either of them.
import { hasRedisServer, inFolder, runNode, startRedis } from '@axios-authorizer/test-kit';
import { compile, compilerNames, makeConsumer, pack } from '@axios-authorizer/test-kit';
import { join } from 'node:path';

const cwd = join(__dirname, '..');
const fixtures = join(__dirname, 'fixtures');
const unless = hasRedisServer() ? '' : ' (no redis-server)';
if (unless) process.stderr.write('SKIPPED, there is no redis-server: both builds over Redis (C6)\n');

(unless ? describe.skip : describe)('over Redis', () => {
  it.each(['client.mjs', 'client.cjs'])(
    `%s shares a token between node-redis and ioredis (C6)${unless}`,
    async (name) => {
      const redis = await startRedis();
      try {
        const env = { REDIS_SOCKET: redis.socket };
        expect(await runNode([join(fixtures, name)], { cwd, env })).toBe('shared');
      } finally {
        await redis.stop();
      }
    },
  );
});

it('both builds export the same names', async () => {
  const program = `
    const name = '@axios-authorizer/redis';
    const named = (space) => Object.keys(space).filter((one) => !['default', '__esModule', 'module.exports'].includes(one));
    import(name).then((esm) => console.log(JSON.stringify([named(esm), named(require(name))])));`;
  const printed = await runNode(['--input-type=commonjs', '-e', program], { cwd });
  expect(JSON.parse(printed)).toEqual([['redisTokenStore'], ['redisTokenStore']]);
});

it('the tarball installs beside core and axios alone, runs, and compiles without the types of Node', () =>
  inFolder(async (place) => {
    const tarballs = await Promise.all(['..', '../../core'].map((folder) => pack(join(__dirname, folder), place)));
    const folder = join(place, 'consumer');
    const sample = join(fixtures, 'consumer.ts');
    await makeConsumer({ folder, install: [...tarballs, 'axios@1.21.1'], programs: [], sample });
    for (const name of compilerNames) expect(await compile(name, folder, __filename)).toBe('');
    const program = `console.log(typeof require('@axios-authorizer/redis').redisTokenStore)`;
    expect(await runNode(['-e', program], { cwd: folder })).toBe('function');
  }));
