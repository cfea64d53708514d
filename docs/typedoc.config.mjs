// The pages of the docstrings, as Markdown for the site. What is checked about docstrings stands in ../typedoc.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const common = JSON.parse(readFileSync(join(import.meta.dirname, '../typedoc.json'), 'utf8'));
const packages = common.entryPoints.map((folder) => join('..', folder));

/** @type {Partial<import('typedoc').TypeDocOptions>} */
const options = {
  ...common,
  entryPoints: packages,
  packageOptions: { ...common.packageOptions, readme: 'none' },
  plugin: ['typedoc-plugin-markdown'],
  out: 'reference/api',
  readme: 'none',
  router: 'member',
  entryFileName: 'index',
  entryModule: 'index',
  excludeScopesInPaths: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  sanitizeComments: true,
  parametersFormat: 'table',
  navigationJson: '.vitepress/api.json',
};

export default options;
