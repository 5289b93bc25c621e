import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { app, dialog, protocol } from 'electron';
import { VERSION } from '../../shared/version.ts';
import { releaseMemoryAfterStart } from '../release-memory.ts';
import { applyChromiumSwitches } from './chromium-switches.ts';
import { chosenWorkspace } from './default-workspace.ts';
import { DesktopShell } from './desktop-shell.ts';
import { locations } from './locations.ts';
import { OWN_SCHEME } from './own-origin.ts';
import { errorFields, openShellLog } from './shell-log.ts';
import { ShellStateFile } from './shell-state-file.ts';
import { shellTexts } from './shell-texts.ts';
import { initialShellState } from './window-state.ts';

// What has to happen before the app is ready.
const profile = process.env['FALAJ_USER_DATA'];
if (!app.isPackaged && profile !== undefined) app.setPath('userData', path.resolve(profile));
const engineEnvironment = { ...process.env };
for (const name of ['FALAJ_PASSPHRASE', 'FALAJ_PASSPHRASE_FILE']) delete process.env[name];
app.setName('Falaj');
applyChromiumSwitches(app.commandLine);
// With --no-sandbox (as root only) asking for the sandbox would kill every child process in a loop.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  {
    scheme: OWN_SCHEME,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
]);

if (app.requestSingleInstanceLock()) app.whenReady().then(start, fail);
else app.quit(); // the first instance shows its window

function start(): void {
  const userData = app.getPath('userData');
  const log = openShellLog(path.join(userData, 'logs', 'shell.log'));
  const state = new ShellStateFile(
    path.join(userData, 'shell.json'),
    initialShellState(app.getLocale().startsWith('ar') ? 'ar' : 'en'),
    (error) => log('state-not-saved', errorFields(error)),
  );
  const found = locations({
    isPackaged: app.isPackaged,
    appPath: app.getAppPath(),
    resourcesPath: process.resourcesPath,
    platform: process.platform,
    architecture: process.arch,
  });
  if (!existsSync(path.join(found.screens, 'index.html'))) {
    const texts = shellTexts(state.state.language);
    dialog.showErrorBox(texts.screensMissingTitle, texts.screensMissingDetail);
    app.exit(1);
    return;
  }
  const workspace = chosenWorkspace({
    environment: process.env,
    platform: process.platform,
    home: homedir(),
    workingFolder: process.cwd(),
  });
  log('start', { version: VERSION, electron: process.versions.electron, packaged: app.isPackaged });

  const shell = new DesktopShell({
    locations: found,
    workspace,
    engineEnvironment,
    state,
    log,
    devtools: !app.isPackaged,
  });
  app.on('second-instance', () => shell.showWindow());
  app.on('activate', () => shell.showWindow());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', () => shell.close());
  shell.start();
  releaseMemoryAfterStart();
}

function fail(error: unknown): void {
  dialog.showErrorBox('Falaj', error instanceof Error ? error.message : String(error));
  app.exit(1);
}
