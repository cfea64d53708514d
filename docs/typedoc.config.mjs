// The pages of the docstrings, as Markdown for the site. What is checked about docstrings stands in ../typedoc.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path) => JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'));
const { entryPoints: packages, packageOptions, entryPointStrategy: _, ...common } = read('../typedoc.json');
const entryPoints = packages.flatMap((folder) =>
  read(`../${folder}/typedoc.json`).entryPoints.map((file) => join('..', folder, file)),
);

/** @type {Partial<import('typedoc').TypeDocOptions>} */
const options = {
  ...common,
  ...packageOptions,
  validation: { ...common.validation, ...packageOptions.validation },
  // All packages in one program, so that a link leads from one to another.
  entryPoints,
  tsconfig: 'tsconfig.json',
  skipErrorChecking: true, // `npm run typecheck` does that, with the declarations that users get
  plugin: ['typedoc-plugin-markdown', './scripts/module-names.mjs'],
  out: 'reference/api',
  readme: 'none',
  router: 'member',
  entryFileName: 'index',
  excludeScopesInPaths: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  sanitizeComments: true,
  parametersFormat: 'table',
  categoryOrder: ['The authorizer', 'Client and options', 'On an axios client', '*', 'Other'],
  navigationJson: '.vitepress/api.json',
};

export default options;
