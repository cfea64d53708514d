import { fourTabs } from './tabs.js';

describe('four tabs in Firefox', () => {
  fourTabs('Firefox');
});
