// Keeps what each package exports in a report that is reviewed like code (packages/*/etc/*.api.md): a change of the public
// interface shows in the diff, and a report that is out of date fails. `--update` writes them anew. Needs `npm run build`.
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

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
let checked = 0;
const outdated = readdirSync(join(root, 'packages')).flatMap((name) => outdatedOf(reportsOf(name)));

console.log(`${checked} reports, ${outdated.length} out of date${outdated.map((report) => `\n  ${report}`).join('')}`);
if (outdated.length > 0) console.log('If the change is meant: npm run api:update, and commit the reports.');
process.exitCode = outdated.length > 0 ? 1 : 0;

function reportsOf(name) {
  const folder = join(root, 'packages', name);
  const { private: isPrivate, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (isPrivate) return [];
  mkdirSync(join(folder, 'etc'), { recursive: true });
  return Object.entries(exports)
    .filter(([, target]) => target.import)
    .map(([entry, target]) => {
      const reportFileName = `${[name, ...entry.split('/').slice(1)].join('-')}.api.md`;
      return configOf(folder, target.import.types, reportFileName);
    });
}

/** One program for all entries of a package, which share most of their declarations. */
function outdatedOf(reports) {
  if (reports.length === 0) return [];
  const additionalEntryPoints = reports.slice(1).map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(reports[0], { additionalEntryPoints });
  checked += reports.length;
  return reports
    .filter((report) => !isUpToDate(report, compilerState))
    .map(({ reportFilePath }) => basename(reportFilePath));
}

function isUpToDate(report, compilerState) {
  const { succeeded, apiReportChanged } = Extractor.invoke(report, {
    compilerState,
    localBuild: isUpdate,
    showVerboseMessages: false,
    messageCallback: (message) => {
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  return succeeded && (!apiReportChanged || isUpdate);
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
