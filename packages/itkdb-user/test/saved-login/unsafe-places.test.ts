// A file that others can get at, and places where no file can be.
import { chmod, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError } from '@axios-authorizer/core';
import { another } from '../stage.js';
import { expectReplacedIn, expectUseless, savedWorld, storeTales } from './stage.js';

it('a file of a mode that others can get at is not used, told of and replaced (I2)', async () => {
  const here = await savedWorld();
  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o606, 0o610, 0o777]) {
    await chmod(here.path, mode);
    await expectUseless(here);
    expect(storeTales(here).at(-1)).toContain(`mode ${mode.toString(8)}`);
    await chmod(here.path, mode);
    await expectReplacedIn(here);
  }
});

it('a folder in its place does not keep anybody from logging in, and is told of (I2)', async () => {
  const here = await savedWorld();
  await rm(here.path);
  await mkdir(here.path, { mode: 0o700 });
  const next = another(here);
  expect(await next.authenticate()).toBe(true);
  expect(here.itkdb.logins).toBe(2);
  expect(storeTales(here).join()).toMatch(/EISDIR|EEXIST|ENOTEMPTY/);
});

it('a place that cannot be written to does not keep anybody from logging in, and is told of (I2)', async () => {
  const here = await savedWorld();
  const next = another(here, { saveAuth: `${here.path}/below/a/file.json` });
  expect(await next.authenticate()).toBe(true);
  expect(here.itkdb.logins).toBe(2);
  expect(storeTales(here).join()).toMatch(/ENOTDIR|EEXIST/);
});

it('a folder that its owner may not write to neither, where that is heeded (I2)', async () => {
  const here = await savedWorld();
  await rm(here.path);
  await chmod(dirname(here.path), 0o500);
  const next = another(here);
  expect(await next.authenticate()).toBe(true);
  await chmod(dirname(here.path), 0o700);
  const isRoot = process.getuid?.() === 0;
  expect(storeTales(here).join().includes('EACCES')).toBe(!isRoot);
});

it('an empty path is a ConfigurationError (I2)', async () => {
  const here = await savedWorld();
  expect(() => another(here, { saveAuth: '' })).toThrow(ConfigurationError);
});
