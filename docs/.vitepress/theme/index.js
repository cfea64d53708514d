// VitePress's own theme without its fonts, which would weigh more than the rest of the first page.
import theme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import { NotFound } from './not-found.js';
import { keepTab } from './tabs.js';
// oxlint-disable-next-line import/no-unassigned-import -- Vite puts it into the page
import './style.css';

/** @type {import('vitepress').Theme} */
const siteTheme = {
  extends: theme,
  Layout: () => h(theme.Layout, undefined, { 'not-found': () => h(NotFound) }),
  enhanceApp: ({ router }) => keepTab(router),
};

export default siteTheme;
