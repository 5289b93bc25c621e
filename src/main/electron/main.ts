import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, protocol, session, shell } from 'electron';
import { VERSION } from '../../shared/version.ts';
import { openEngineDoor } from '../connect/engine-door.ts';
import { runFolder } from '../connect/engine-file.ts';
import { createAppProtocol } from './app-protocol.ts';
import { registerBridge } from './bridge-handlers.ts';
import { applyChromiumSwitches } from './chromium-switches.ts';
import { chosenWorkspace } from './default-workspace.ts';
import { EngineSupervisor } from './engine-supervisor.ts';
import { externalAddress } from './external-links.ts';
import { createEngineAgent } from './forward.ts';
import { guardSession } from './guarded-session.ts';
import { locations } from './locations.ts';
import { createMainWindow } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { OWN_SCHEME } from './own-origin.ts';
import { errorFields, openShellLog } from './shell-log.ts';
import { ShellStateFile } from './shell-state-file.ts';
import { type ShellTexts, shellTexts } from './shell-texts.ts';
import { initialShellState } from './window-state.ts';

const PAGE_CRASHES_ALLOWED = 3;
const PAGE_CRASHES_WITHIN_MS = 60_000;

const userData = process.env['FALAJ_USER_DATA'];
if (!app.isPackaged && userData !== undefined) app.setPath('userData', path.resolve(userData));
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

if (app.requestSingleInstanceLock()) {
  app.whenReady().then(start, fail);
} else {
  app.quit(); // the first instance shows its window
}

function fail(error: unknown): void {
  dialog.showErrorBox('Falaj', error instanceof Error ? error.message : String(error));
  app.exit(1);
}

function start(): void {
  const log = openShellLog(path.join(app.getPath('userData'), 'logs', 'shell.log'));
  const state = new ShellStateFile(
    path.join(app.getPath('userData'), 'shell.json'),
    initialShellState(app.getLocale().startsWith('ar') ? 'ar' : 'en'),
    (error) => log('state-not-saved', errorFields(error)),
  );
  const texts = (): ShellTexts => shellTexts(state.state.language);
  const devtools = !app.isPackaged;
  const { screens, program } = locations({
    isPackaged: app.isPackaged,
    appPath: app.getAppPath(),
    resourcesPath: process.resourcesPath,
    platform: process.platform,
    architecture: process.arch,
  });
  if (!existsSync(path.join(screens, 'index.html'))) {
    dialog.showErrorBox(texts().screensMissingTitle, texts().screensMissingDetail);
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

  const engine = new EngineSupervisor({
    open: (onGone) =>
      openEngineDoor({ workspace, program, logFile: path.join(runFolder(workspace), 'engine.log'), onGone }),
    onTrouble: ({ kind, retryInMs, error }) =>
      log(`engine-${kind}`, {
        retryInMs,
        ...(error === undefined ? {} : { code: error.code, ...errorFields(error) }),
      }),
    clock: () => performance.now(),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  });
  engine.door().then(
    (door) => log('engine-attached', { pid: door.pid }),
    () => undefined, // logged as trouble, and shown by the page
  );

  const ownSession = session.fromPartition('persist:falaj', { cache: false });
  guardSession(ownSession, { devtools, log });
  guardSession(session.defaultSession, { devtools: false, log });
  ownSession.protocol.handle(
    OWN_SCHEME,
    createAppProtocol({ screens, engine: () => engine.door(), agent: createEngineAgent() }),
  );

  let window: BrowserWindow | null = null;
  const applyAppearance = (): void => {
    nativeTheme.themeSource = state.state.theme;
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        menuTemplate({
          texts: texts(),
          platform: process.platform,
          devtools,
          showAbout: () => showAbout(window, texts()),
        }),
      ),
    );
  };
  applyAppearance();
  registerBridge({
    ipc: ipcMain,
    window: () => window,
    onAppearance(appearance) {
      const { language, theme } = state.state;
      if (appearance.language === language && appearance.theme === theme) return;
      state.update(appearance);
      applyAppearance();
    },
  });

  let pageCrashes: number[] = [];
  const reviveOrAsk = async (gone: BrowserWindow): Promise<void> => {
    const now = performance.now();
    pageCrashes = [...pageCrashes.filter((at) => now - at < PAGE_CRASHES_WITHIN_MS), now];
    if (pageCrashes.length > PAGE_CRASHES_ALLOWED) {
      const { pageGoneTitle, pageGoneDetail, reopen, quit } = texts();
      const { response } = await dialog.showMessageBox(gone, {
        type: 'error',
        message: pageGoneTitle,
        detail: pageGoneDetail,
        buttons: [reopen, quit],
      });
      if (response === 1) return app.quit();
      pageCrashes = [];
    }
    if (!gone.isDestroyed()) gone.reload();
  };
  const openWindow = (): void => {
    window = createMainWindow({
      session: ownSession,
      preload: path.join(app.getAppPath(), 'dist', 'electron', 'preload.cjs'),
      icon: path.join(app.getAppPath(), 'resources', 'icons', '512x512.png'),
      version: VERSION,
      devtools,
      state,
      log,
      onForeignAddress: (address) => void offerLink(window, address, texts()),
      onPageGone: (gone) => void reviveOrAsk(gone),
    });
    window.once('closed', () => {
      window = null;
    });
  };
  openWindow();

  app.on('second-instance', () => {
    if (window === null) return openWindow();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', () => {
    state.flush();
    engine.close();
  });
}

async function offerLink(window: BrowserWindow | null, address: string, texts: ShellTexts): Promise<void> {
  const allowed = externalAddress(address);
  if (allowed === null || window === null) return;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: texts.openLinkTitle,
    detail: `${texts.openLinkDetail}\n${allowed}`,
    buttons: [texts.openLink, texts.cancel],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) await shell.openExternal(allowed);
}

function showAbout(window: BrowserWindow | null, texts: ShellTexts): void {
  const options = {
    type: 'info' as const,
    message: `Falaj ${VERSION}`,
    detail: `${texts.aboutDetail}\n\n${texts.version} ${VERSION} · Electron ${process.versions.electron} · Chromium ${process.versions['chrome']}`,
    buttons: [texts.ok],
  };
  void (window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options));
}
