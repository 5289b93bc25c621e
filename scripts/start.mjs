// npm start: installs and builds what is missing, then opens the workstation: the desktop window where there is an
// Electron binary and a display, else the same screens in a browser.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureReady } from './ensure.mjs';
import { projectNode, projectRoot } from './lib/toolchain.mjs';

ensureReady();

const hasDisplay =
  process.platform === 'win32' ||
  process.platform === 'darwin' ||
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const electron = hasDisplay ? findElectron() : undefined;

if (electron !== undefined) {
  // Chromium's sandbox cannot start as root; a person's session never is.
  const asRoot = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  follow(
    spawn(electron, [...asRoot, projectRoot, ...process.argv.slice(2)], {
      cwd: projectRoot,
      stdio: 'inherit',
    }),
  );
} else {
  if (hasDisplay) process.stderr.write('No Electron binary here: opening the same screens in a browser.\n');
  const open = hasDisplay ? ['--open'] : [];
  follow(
    spawn(projectNode(), ['dist/node/cli.mjs', 'ui', ...open, ...process.argv.slice(2)], {
      cwd: projectRoot,
      stdio: 'inherit',
    }),
  );
}

/** The binary that the electron package has, or may still fetch where the network allows it. */
function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const name =
    process.platform === 'win32'
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app/Contents/MacOS/Electron'
        : 'electron';
  const folders = [override, path.join(projectRoot, 'node_modules/electron/dist')].filter(Boolean);
  const present = () => folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
  if (present() !== undefined || process.env.FALAJ_FETCH_ELECTRON === 'off') return present();
  const installer = path.join(projectRoot, 'node_modules/electron/install.js');
  if (!fs.existsSync(installer)) return undefined;
  process.stderr.write('Fetching the Electron binary once (set FALAJ_FETCH_ELECTRON=off to skip)…\n');
  spawnSync(projectNode(), [installer], {
    cwd: projectRoot,
    stdio: 'ignore',
    timeout: 120_000,
    env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '' },
  });
  return present();
}

function follow(child) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}
