import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  type Session,
  session,
  shell,
} from 'electron';
import { VERSION } from '../../shared/version.ts';
import { openEngineDoor } from '../connect/engine-door.ts';
import { runFolder } from '../connect/engine-file.ts';
import { createAppProtocol } from './app-protocol.ts';
import { registerBridge } from './bridge-handlers.ts';
import { EngineSupervisor, type SupervisedDoor } from './engine-supervisor.ts';
import { externalAddress } from './external-links.ts';
import { createEngineAgent } from './forward.ts';
import { guardSession } from './guarded-session.ts';
import type { Locations } from './locations.ts';
import { createMainWindow } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { OWN_SCHEME } from './own-origin.ts';
import { PageRevival } from './page-revival.ts';
import { errorFields, type ShellLog } from './shell-log.ts';
import type { ShellStateFile } from './shell-state-file.ts';
import { type ShellTexts, shellTexts } from './shell-texts.ts';

export interface DesktopShellOptions {
  readonly locations: Locations;
  /** Absolute path of the workspace's folder; it need not exist yet. */
  readonly workspace: string;
  /** The engine's environment. What it holds of secrets is not in the shell's own, which every process of Chromium inherits. */
  readonly engineEnvironment: NodeJS.ProcessEnv;
  readonly state: ShellStateFile;
  readonly log: ShellLog;
  /** Builds that are not installed have developer tools. */
  readonly devtools: boolean;
}

/** The desktop host: one window, one guarded session, one engine behind it. */
export class DesktopShell {
  readonly #options: DesktopShellOptions;
  readonly #session: Session;
  readonly #engine: EngineSupervisor<SupervisedDoor>;
  readonly #revival = new PageRevival(() => performance.now());
  #window: BrowserWindow | null = null;

  constructor(options: DesktopShellOptions) {
    this.#options = options;
    this.#session = session.fromPartition('persist:falaj', { cache: false });
    this.#engine = createSupervisor(options);
  }

  start(): void {
    const { log, devtools, locations, state } = this.#options;
    this.#engine.door().then(
      (door) => log('engine-attached', { pid: door.pid }),
      () => undefined, // logged as trouble, and shown by the page
    );
    guardSession(this.#session, { devtools, log });
    guardSession(session.defaultSession, { devtools: false, log }); // nothing uses it; nothing shall
    const answer = createAppProtocol({
      screens: locations.screens,
      engine: () => this.#engine.door(),
      agent: createEngineAgent(),
    });
    this.#session.protocol.handle(OWN_SCHEME, answer);
    registerBridge({
      ipc: ipcMain,
      window: () => this.#window,
      onAppearance: (appearance) => {
        const { language, theme } = state.state;
        if (appearance.language === language && appearance.theme === theme) return;
        state.update(appearance);
        this.#applyAppearance();
      },
    });
    this.#applyAppearance();
    this.showWindow();
  }

  /** Opens the window, or brings it to the front. */
  showWindow(): void {
    if (this.#window === null) {
      this.#window = this.#openWindow();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  close(): void {
    this.#options.state.flush();
    this.#engine.close();
  }

  get #texts(): ShellTexts {
    return shellTexts(this.#options.state.state.language);
  }

  #applyAppearance(): void {
    nativeTheme.themeSource = this.#options.state.state.theme;
    const template = menuTemplate({
      texts: this.#texts,
      platform: process.platform,
      devtools: this.#options.devtools,
      showAbout: () => void this.#showAbout(),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  #openWindow(): BrowserWindow {
    const { devtools, state, log } = this.#options;
    const window = createMainWindow({
      session: this.#session,
      preload: path.join(app.getAppPath(), 'dist', 'electron', 'preload.cjs'),
      icon: path.join(app.getAppPath(), 'resources', 'icons', '512x512.png'),
      version: VERSION,
      devtools,
      state,
      log,
      onForeignAddress: (address) => void this.#offerLink(address),
      onPageGone: (gone) => void this.#revive(gone),
    });
    window.once('closed', () => {
      this.#window = null;
    });
    return window;
  }

  async #revive(window: BrowserWindow): Promise<void> {
    if (!this.#revival.mayReload()) {
      const { pageGoneTitle, pageGoneDetail, reopen, quit } = this.#texts;
      const { response } = await dialog.showMessageBox(window, {
        type: 'error',
        message: pageGoneTitle,
        detail: pageGoneDetail,
        buttons: [reopen, quit],
      });
      if (response === 1) {
        app.quit();
        return;
      }
      this.#revival.forgive();
    }
    if (!window.isDestroyed()) window.reload();
  }

  /** A link in the page that leads outside: opened in the person's browser, if it may be and the person says so. */
  async #offerLink(address: string): Promise<void> {
    const allowed = externalAddress(address);
    if (allowed === null || this.#window === null) return;
    const { openLinkTitle, openLinkDetail, openLink, cancel } = this.#texts;
    const { response } = await dialog.showMessageBox(this.#window, {
      type: 'question',
      message: openLinkTitle,
      detail: `${openLinkDetail}\n${allowed}`,
      buttons: [openLink, cancel],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    });
    if (response === 0) await shell.openExternal(allowed);
  }

  async #showAbout(): Promise<void> {
    const texts = this.#texts;
    const versions = `${texts.version} ${VERSION} · Electron ${process.versions.electron} · Chromium ${process.versions['chrome']}`;
    const options = {
      type: 'info' as const,
      message: `Falaj ${VERSION}`,
      detail: `${texts.aboutDetail}\n\n${versions}`,
      buttons: [texts.ok],
    };
    await (this.#window === null
      ? dialog.showMessageBox(options)
      : dialog.showMessageBox(this.#window, options));
  }
}

function createSupervisor({
  workspace,
  locations,
  engineEnvironment,
  log,
}: DesktopShellOptions): EngineSupervisor<SupervisedDoor> {
  const logFile = path.join(runFolder(workspace), 'engine.log');
  return new EngineSupervisor({
    open: (onGone) =>
      openEngineDoor({
        workspace,
        program: locations.program,
        logFile,
        onGone,
        environment: engineEnvironment,
      }),
    onTrouble: ({ kind, retryInMs, error }) =>
      log(`engine-${kind}`, {
        retryInMs,
        ...(error === undefined ? {} : { code: error.code, ...errorFields(error) }),
      }),
    clock: () => performance.now(),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  });
}
