#!/usr/bin/env node
// Makes the desktop packages under release/.
//
//   node scripts/package.mjs [--target dir|deb|rpm|tar.gz|AppImage|nsis|portable|dmg|zip]… [--electron-dist DIR]
//                            [--compression gz|xz|zst] [--output DIR] [--no-build]
//
// --electron-dist   an unpacked Electron, where its download is blocked (else electron-builder fetches it, or takes
//                   ELECTRON_MIRROR or its cache). A package for people is made from the Electron that package.json names.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fail, projectNode, projectRoot, requireNode, run } from './lib/toolchain.mjs';

requireNode();
// electron-builder wants a newer Node than the system may have.
if (Number(process.versions.node.split('.')[0]) < 22)
  process.exit(run([import.meta.filename, ...process.argv.slice(2)]).status ?? 1);

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    'electron-dist': { type: 'string' },
    compression: { type: 'string' },
    output: { type: 'string', default: 'release' },
    'no-build': { type: 'boolean', default: false },
  },
});
process.chdir(projectRoot);

if (!values['no-build']) {
  const built = run(['scripts/build.mjs']);
  if (built.status !== 0) process.exit(built.status ?? 1);
}
for (const needed of [
  'dist/electron/main.cjs',
  'dist/electron/preload.cjs',
  'dist/node/engine.mjs',
  'dist/node/cli.mjs',
  'dist/renderer/index.html',
]) {
  if (!fs.existsSync(needed))
    fail(`${needed} is missing.`, 'Run node scripts/build.mjs and read what it says.');
}

const hasFpm = spawnSync('fpm', ['--version'], { stdio: 'ignore' }).status === 0;
if (process.platform === 'linux' && process.env.CUSTOM_FPM_PATH === undefined) {
  if (hasFpm) process.env.USE_SYSTEM_FPM = 'true';
  else process.env.CUSTOM_FPM_PATH = path.join(projectRoot, 'scripts/lib/fpm-shim.mjs');
}
// The shim is started by its first line: it must find a Node.
process.env.PATH = `${path.dirname(projectNode())}${path.delimiter}${process.env.PATH}`;

const electronDist =
  values['electron-dist'] === undefined ? undefined : path.resolve(values['electron-dist']);
const versionFile = electronDist === undefined ? undefined : path.join(electronDist, 'version');
const electronVersion =
  versionFile !== undefined && fs.existsSync(versionFile)
    ? fs.readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
    : JSON.parse(fs.readFileSync('package.json', 'utf8')).devDependencies.electron;

const { build, Platform } = await import('electron-builder');
const made = await build({
  targets: Platform.current().createTarget(values.target ?? null),
  publish: 'never',
  config: {
    extends: path.join(projectRoot, 'electron-builder.yml'),
    electronVersion,
    ...(electronDist === undefined ? {} : { electronDist }),
    directories: { output: values.output },
    // A folder given as Electron may carry the app that plain `electron PATH` starts.
    afterPack: ({ appOutDir }) =>
      fs.rmSync(path.join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
    ...(values.compression === undefined ? {} : { deb: { compression: values.compression } }),
  },
});
for (const file of made) console.log(path.relative(projectRoot, file));
