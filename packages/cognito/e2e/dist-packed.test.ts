// Both tarballs as npm installs them, in a folder that knows nothing of this repository, on the oldest and the newest axios.
import { axiosVersions, clientNames, compilerNames, PackedConsumers } from '@axios-authorizer/test-kit';
import { join } from 'node:path';
import { healthy, runClient } from './dist-service.js';

const consumers = new PackedConsumers(__dirname);
beforeAll(() => consumers.make());
afterAll(() => consumers.remove());

describe.each(axiosVersions)('the installed packages beside axios %s', (version) => {
  it.each(clientNames)('run %s (G1, G2, G5)', async (name) => {
    const folder = consumers.folderOf(version);
    expect(await runClient([join(folder, name)], folder)).toEqual(healthy);
  });

  it.each(compilerNames)('compile with %s, their declarations included, without the types of Node', async (name) => {
    expect(await consumers.compile(name, version)).toBe('');
  });

  it('share one core and the axios that the user installed', async () => {
    expect(await consumers.sharing('@axios-authorizer/cognito', version)).toBe(`true ${version}`);
  });
});
