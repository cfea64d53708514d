// Keeps what each package exports in a report that is reviewed like code (packages/*/etc/*.api.md): a change of the public
// interface shows in the diff, and a report that is out of date fails. `--update` writes them anew. Needs `npm run build`.
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** As a user's compiler reads the packages: by their names, not by this repository's `paths`. */
const COMPILER = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
  },
};
const root = resolve(import.meta.dirname, '..');
const isUpdate = process.argv.includes('--update');
const outdated = [];
let checked = 0;

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  const { private: isPrivate, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (isPrivate) continue;
  mkdirSync(join(folder, 'etc'), { recursive: true });
  for (const [entry, target] of Object.entries(exports))
    if (target.import) check(folder, name, entry, target.import.types);
}

console.log(`${checked} reports, ${outdated.length} out of date${outdated.map((report) => `\n  ${report}`).join('')}`);
if (outdated.length > 0) console.log('If the change is meant: npm run api:update, and commit the reports.');
process.exitCode = outdated.length > 0 ? 1 : 0;

function check(folder, name, entry, types) {
  const reportFileName = `${[name, ...entry.split('/').slice(1)].join('-')}.api.md`;
  const { succeeded, apiReportChanged } = Extractor.invoke(configOf(folder, types, reportFileName), {
    localBuild: isUpdate,
    showVerboseMessages: false,
    messageCallback: (message) => {
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  checked += 1;
  if (!succeeded || (apiReportChanged && !isUpdate)) outdated.push(reportFileName);
}

function configOf(folder, types, reportFileName) {
  const apiReport = {
    enabled: true,
    reportFileName,
    reportFolder: '<projectFolder>/etc',
    reportTempFolder: '<projectFolder>/dist/api',
  };
  const quiet = { logLevel: 'none' };
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      compiler: { overrideTsconfig: { ...COMPILER, files: [join(folder, types)] } },
      newlineKind: 'lf',
      apiReport,
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: quiet,
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: quiet },
      },
    },
  });
}
