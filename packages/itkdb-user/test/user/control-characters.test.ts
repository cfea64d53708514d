// Is an access code that was read with its line end sent?
import { ConfigurationError } from '@axios-authorizer/core';
import { User } from '../../src/index.js';
import { codes, environment, world } from '../stage.js';

it.each(['accessCode1', 'accessCode2'] as const)(
  'a line end in %s is a ConfigurationError that names it (C16)',
  async (name) => {
    const { itkdb, options } = await world();
    const make = (): unknown => new User({ ...options, ...codes, [name]: 'hunter22\n' });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(new RegExp(`${name}.*trim it where it is read`));
    expect(make).not.toThrow(/hunter/);
    expect(itkdb.logins).toBe(0);
  },
);

it('a code of the environment is looked at as well (C16)', () => {
  environment({ ITKDB_ACCESS_CODE1: 'one', ITKDB_ACCESS_CODE2: 'two\r\n' });
  expect(() => new User()).toThrow(/ITKDB_ACCESS_CODE2/);
});
