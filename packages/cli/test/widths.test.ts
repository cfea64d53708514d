// Do the lines for people fit their screen, whatever its width, colours and characters?
import { stripVTControlCharacters } from 'node:util';
import { cli } from './test-terminal.js';
import { oauth2Stage, smartStage } from './stage.js';

const WIDTHS = [60, 80, 100, 120];

/** The lines that are longer than the screen, although they could be parted. */
function tooLong(text: string, columns: number): readonly string[] {
  const lines = stripVTControlCharacters(text).split('\n');
  return lines.filter((line) => line.length > columns && line.trim().includes(' ', 30));
}

it.each(WIDTHS)('at %i columns status has no line that is longer', async (columns) => {
  const [one, other] = [await oauth2Stage(), await smartStage()];
  const { home } = one;
  await cli(['token', ...one.args], { home, env: one.env });
  await cli(['token', ...other.args], { home });
  const shown = await cli(['status'], { home, screen: true, columns });
  expect(tooLong(shown.out, columns)).toEqual([]);
  for (const word of ['oauth2', 'smart', 'the-service', other.server.baseUrl, 'signed assertion'])
    expect(shown.out).toContain(word);
  expect((await cli(['status'], { home })).out.split('\n')).toHaveLength(4); // a row each in a pipe
});

it.each(WIDTHS)('at %i columns doctor has no line that is longer', async (columns) => {
  const { args: known, home } = await smartStage();
  const args = known.map((word) => (word === 'the-service' ? 'nobody' : word));
  const shown = await cli(['doctor', ...args], { home, screen: true, columns });
  expect(shown.code).toBe(3);
  expect(tooLong(shown.out, columns)).toEqual([]);
  const piped = await cli(['doctor', ...args], { home });
  expect(piped.out.match(/^✖ Client .*$/m)?.[0]).toContain('answered 40');
});

describe('a terminal whose locale has no UTF-8', () => {
  it.each([
    ['LANG=C', { LANG: 'C' }],
    ['LC_ALL before LANG', { LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }],
    ['the console of Linux', { TERM: 'linux' }],
  ])('gets ASCII (%s), and a pipe UTF-8', async (_what, locale) => {
    const { args, env, home } = await oauth2Stage();
    const given = { home, env: { ...env, ...locale, NO_COLOR: '1' } };
    const shown = await cli(['doctor', ...args], { ...given, screen: true });
    const status = [await cli(['token', ...args], given), await cli(['status'], { ...given, screen: true })];
    // oxlint-disable-next-line no-control-regex -- all of ASCII
    expect([shown.out, status[1]?.out].join('')).toMatch(/^[\u0000-\u007f]+$/);
    expect(shown.out).toMatch(/^\+ Token /m);
    expect(status[1]?.out).toContain('##########');
    expect((await cli(['doctor', ...args], given)).out).toMatch(/^✔ Token /m);
  });

  it.each([{ LANG: 'C.UTF-8' }, { LANG: 'de_DE.utf8' }, {}])('is not what %j says', async (locale) => {
    const { args, env, home } = await oauth2Stage();
    await cli(['token', ...args], { home, env });
    expect((await cli(['status'], { home, env: locale, screen: true })).out).toContain('█');
  });
});
