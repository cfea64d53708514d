// The site: what its pages are called, where they stand in the side bar, and where it is served.
import { defineConfig } from 'vitepress';
import { writeForPrograms } from './llms.mjs';
import { keyboardTables } from './markdown.mjs';
import { existing, sidebar } from './sidebar.mjs';

const REPOSITORY = 'https://github.com/axios-authorizer/axios-authorizer';
/** Where the site is served: the path below its host, with a slash at both ends. */
const base = process.env['DOCS_BASE'] ?? '/axios-authorizer/';

/** What is written for people to read comes before the API pages that have the same word. */
function boostDocument(id) {
  return id.includes('/reference/api/') ? 0.3 : 1;
}

export default defineConfig({
  base,
  title: 'axios-authorizer',
  description:
    'OAuth 2 access tokens for axios: refreshed before they expire, retried after a 401, sent only where you allow.',
  lang: 'en',
  cleanUrls: true,
  lastUpdated: false,
  metaChunk: true, // the list of all pages and the side bar are loaded once, not with every page
  router: { prefetchLinks: false },
  buildEnd: writeForPrograms,
  vite: { build: { chunkSizeWarningLimit: 4000 } }, // the index of the search, which is loaded when somebody searches
  head: [['link', { rel: 'icon', href: `${base}logo.svg`, type: 'image/svg+xml' }]],
  markdown: {
    config: keyboardTables,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: existing([
      { text: 'Start', link: '/start/', activeMatch: '/start/' },
      { text: 'Guides', link: '/guide/', activeMatch: '/guide/' },
      { text: 'Recipes', link: '/recipes/', activeMatch: '/recipes/' },
      { text: 'Errors', link: '/errors' },
      { text: 'Comparison', link: '/comparison' },
      { text: 'Reference', link: '/reference/', activeMatch: '/reference/' },
    ]),
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local', options: { miniSearch: { searchOptions: { boostDocument } } } },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    footer: { message: 'Apache-2.0' },
  },
});
