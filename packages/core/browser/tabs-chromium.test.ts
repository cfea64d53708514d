import { until } from '@axios-authorizer/test-kit';
import { fourTabs, signedIn, site } from './tabs.js';

describe('four tabs in Chromium', () => {
  fourTabs('Chromium');

  it('a tab that is frozen in the middle of a refresh holds up the others for a while, and then goes on with their token (C21)', async () => {
    const [first, second] = await signedIn('Chromium', 300);
    const { calls } = site.ada;
    site.ada.next({ hang: true });
    await first('beginRefresh');
    await until(() => site.ada.calls === calls + 1);
    await site.freeze(0, true);
    expect(await second('refresh')).toBe(site.ada.issued.at(-1));
    await site.freeze(0, false);
    await expect(first('send')).resolves.toBe(200);
    expect(site.ada.reuses).toBe(0);
  });
});
