import { fourTabs } from './tabs.js';

describe('four tabs in WebKit', () => {
  fourTabs('WebKit');
});
