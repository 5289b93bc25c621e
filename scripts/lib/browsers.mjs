// Finds what the browser and desktop tests drive. On Debian and Ubuntu as root, missing packages are installed by apt.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot, run } from './toolchain.mjs';

const SHELL_LIBRARIES = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libnotify4',
  'libsecret-1-0',
  'libatspi2.0-0',
  'libdrm2',
  'xvfb',
  'xauth',
  'dbus',
  'fonts-dejavu-core',
];

const onPath = (name) =>
  spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim() || undefined;

const canApt = () =>
  process.platform === 'linux' && process.getuid() === 0 && onPath('apt-get') !== undefined;

function aptInstall(packages) {
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/** The executable of a Chromium, or undefined with everything tried. */
export function findChromium() {
  const found = () =>
    process.env.FALAJ_CHROMIUM ??
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(onPath).find(Boolean) ??
    playwrightChromium();
  const present = found();
  if (present !== undefined) return present;
  if (canApt()) {
    process.stderr.write('No Chromium found: installing the system package…\n');
    if (aptInstall(['chromium'])) return found();
  }
  process.stderr.write('No Chromium found: asking Playwright for its own…\n');
  run([
    path.join(projectRoot, 'node_modules/playwright/cli.js'),
    'install',
    'chromium-headless-shell',
    'chromium',
  ]);
  return found();
}

function playwrightChromium() {
  const answer = run(
    ['-e', "import('playwright').then((p) => process.stdout.write(p.chromium.executablePath()))"],
    { stdio: 'pipe', encoding: 'utf8' },
  );
  const file = answer.stdout?.trim();
  return file !== undefined && file !== '' && fs.existsSync(file) ? file : undefined;
}

/** Makes the desktop tests possible: `{ electron }`, or `{ missing }` naming what is not there. */
export function findElectronForTests() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: 'a test runtime of Electron for this platform (only Linux x64 has one)' };
  const wanted = process.env.FALAJ_TEST_ELECTRON === '1';
  const folder = path.join(projectRoot, '.cache', 'electron');
  const ready = () => fs.existsSync(path.join(folder, 'electron'));
  if (!ready() && wanted) run(['scripts/get-electron.mjs', folder]);
  if (!ready()) return { missing: 'the Electron test runtime (set FALAJ_TEST_ELECTRON=1 to get it)' };
  const librariesThere = () =>
    onPath('xvfb-run') !== undefined &&
    spawnSync('sh', ['-c', `ldd "${folder}/electron" | grep -q 'not found'`]).status !== 0;
  if (!librariesThere() && wanted && canApt()) aptInstall(SHELL_LIBRARIES);
  if (!librariesThere()) return { missing: `xvfb-run or one of the libraries ${SHELL_LIBRARIES.join(' ')}` };
  return { electron: path.join(folder, 'electron') };
}
