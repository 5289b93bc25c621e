// npm test: installs and builds what is missing, then types, lint, layers, unit and conformance tests, and the screens in a
// real browser (and in the desktop shell where a runtime for it is there).   --only types,lint,layers,unit,browser,electron
import fs from 'node:fs';
import path from 'node:path';
import { ensureReady } from './ensure.mjs';
import { findChromium, findElectronForTests } from './lib/browsers.mjs';
import { fail, projectRoot, run } from './lib/toolchain.mjs';

ensureReady();

const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : undefined;
const results = path.join(projectRoot, 'test-results');
fs.mkdirSync(results, { recursive: true });
const totals = { passed: 0, failed: 0, skipped: 0 };
const failedSteps = [];
/** The names of the unit tests that failed, told once more at the very end, where a shortened log still has them. */
const failedTests = [];
/** Those that passed when they were tried again: on a busy machine a time may run out, and each is told, to be looked into. */
const unsteadyTests = [];

const wanted = (name) => only === undefined || only.includes(name);

function step(name, work) {
  if (!wanted(name)) return;
  process.stdout.write(`\n── ${name} ──\n`);
  const startedAt = performance.now();
  const ok = work();
  process.stdout.write(
    `── ${name}: ${ok ? 'passed' : 'FAILED'} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`,
  );
  if (!ok) failedSteps.push(name);
}

const succeeded = (result) => result.status === 0;

/** Adds up what a runner wrote as JSON; a runner that wrote nothing has failed. */
function count(file, read) {
  if (!fs.existsSync(file)) return false;
  const { passed, failed, skipped } = read(JSON.parse(fs.readFileSync(file, 'utf8')));
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  return passed > 0;
}

/** The name of a test with the first lines of its reason. */
const withReason = (file, title, reason) =>
  `${path.relative(projectRoot, file)} > ${title}\n    ${reason.split('\n').slice(0, 3).join('\n    ')}`;

/** Tests that failed at least once and ended so, each with its reason. */
const failedAndEnded = (file, wantedStatus) =>
  file.assertionResults
    .filter(({ status, failureMessages }) => status === wantedStatus && failureMessages.length > 0)
    .map(({ fullName, failureMessages }) => withReason(file.name, fullName, failureMessages.join('\n')));

/** Tests that failed, those whose process died, and files that failed as a whole. */
function failuresOf(files) {
  return files.flatMap((file) => {
    const unfinished = file.assertionResults.filter(({ status }) => status === 'pending');
    const failures = [
      ...failedAndEnded(file, 'failed'),
      ...unfinished.map(({ fullName }) => withReason(file.name, fullName, 'Its process ended; see above.')),
    ];
    return failures.length === 0 && file.status === 'failed'
      ? [withReason(file.name, '(the whole file)', file.message)]
      : failures;
  });
}

/** The tests of a Playwright report, however deep they lie in its suites, that passed on the second try. */
function flakyOf({ suites = [], specs = [], file, title }) {
  const own = specs
    .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
    .map((spec) => {
      const error = spec.tests.flatMap(({ results }) => results).find((result) => result.error !== undefined);
      return withReason(
        path.join(projectRoot, 'test/e2e', spec.file ?? file ?? title),
        spec.title,
        error?.error.message ?? 'no reason was given',
      );
    });
  return [...own, ...suites.flatMap(flakyOf)];
}

function tellSlowestFiles(files) {
  const slowest = files
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((left, right) => right.seconds - left.seconds)
    .slice(0, 15);
  for (const { name, seconds } of slowest) {
    process.stdout.write(`  ${seconds.toFixed(1).padStart(6)} s  ${path.relative(projectRoot, name)}\n`);
  }
}

function playwright(project, env) {
  const file = path.join(results, `${project}.json`);
  fs.rmSync(file, { force: true });
  const command = [
    'node_modules/@playwright/test/cli.js',
    'test',
    '--config',
    'test/e2e/playwright.config.ts',
    `--project=${project}`,
    '--reporter=list,json',
  ];
  const ok = succeeded(run(command, { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file } }));
  const counted = count(file, (report) => {
    unsteadyTests.push(...flakyOf(report));
    const { expected, flaky, unexpected, skipped } = report.stats;
    return { passed: expected + flaky, failed: unexpected, skipped };
  });
  return ok && counted;
}

step('types', () => succeeded(run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'])));
step('lint', () => succeeded(run(['node_modules/@biomejs/biome/bin/biome', 'check', '.'])));
step('layers', () =>
  succeeded(
    run([
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'src',
    ]),
  ),
);
// Looked for (and on Debian installed) before the unit tests, which compute on the software adapter that comes with it.
const chromium = wanted('browser') ? findChromium() : undefined;
step('unit', () => {
  const file = path.join(results, 'unit.json');
  fs.rmSync(file, { force: true });
  const ok = succeeded(
    run(
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=dot',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      { env: { FALAJ_TEST_BUILT: '1', FALAJ_TEST_SECOND_TRY: '1' } },
    ),
  );
  const counted = count(file, (report) => {
    tellSlowestFiles(report.testResults);
    failedTests.push(...failuresOf(report.testResults));
    unsteadyTests.push(...report.testResults.flatMap((one) => failedAndEnded(one, 'passed')));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
    };
  });
  return ok && counted;
});
step('browser', () => {
  if (chromium === undefined) {
    fail(
      'No Chromium for the browser tests.',
      'Install the package `chromium` (or Google Chrome), or set FALAJ_CHROMIUM to its executable.',
    );
  }
  return playwright('chromium', { FALAJ_CHROMIUM: chromium });
});
step('electron', () => {
  const found = findElectronForTests();
  if (found.missing !== undefined) {
    process.stdout.write(`SKIPPED: the desktop shell's tests, for want of ${found.missing}.\n`);
    totals.skipped += 1;
    return true;
  }
  return playwright('electron', { FALAJ_ELECTRON: found.electron, FALAJ_SCREENS: 'desktop' });
});

process.stdout.write(
  failedSteps.length === 0 ? '\nEverything passed.\n' : `\nFailed: ${failedSteps.join(', ')}\n`,
);
if (unsteadyTests.length > 0) {
  process.stdout.write(`Passed on a second try alone:\n  ${unsteadyTests.join('\n  ')}\n`);
}
if (failedTests.length > 0) process.stdout.write(`  ${failedTests.join('\n  ')}\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exit(failedSteps.length === 0 ? 0 : 1);
