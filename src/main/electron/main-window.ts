import { BrowserWindow, nativeTheme, type Session, screen } from 'electron';
import { VERSION_ARGUMENT } from './bridge-channels.ts';
import { isOwnUrl, OWN_ORIGIN } from './own-origin.ts';
import type { ShellLog } from './shell-log.ts';
import type { ShellStateFile } from './shell-state-file.ts';
import { MINIMUM_SIZE, placeWindow } from './window-state.ts';

export interface MainWindowOptions {
  readonly session: Session;
  readonly preload: string;
  readonly icon: string;
  readonly version: string;
  readonly devtools: boolean;
  readonly state: ShellStateFile;
  readonly log: ShellLog;
  /** The page wants to show another site. */
  onForeignAddress(address: string): void;
  /** The page's process died. */
  onPageGone(window: BrowserWindow): void;
}

/** The colour of the page's own background, so that the first frame does not flash. */
const BACKGROUND = { light: '#f8f9fa', dark: '#141517' } as const;
/** Shown by then even if the page has painted nothing: better an empty window than none. */
const SHOW_LATEST_MS = 4_000;

export function createMainWindow(options: MainWindowOptions): BrowserWindow {
  const { state, log } = options;
  const workAreas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(
    (display) => display.workArea,
  );
  const window = new BrowserWindow({
    ...placeWindow(state.state.bounds, workAreas),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    title: 'Falaj',
    icon: options.icon,
    backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
    autoHideMenuBar: true,
    webPreferences: {
      session: options.session,
      preload: options.preload,
      additionalArguments: [`${VERSION_ARGUMENT}${options.version}`],
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      enableWebSQL: false,
      devTools: options.devtools,
    },
  });
  if (state.state.maximized) window.maximize();

  const show = (): void => {
    if (!window.isDestroyed() && !window.isVisible()) window.show();
  };
  const latest = setTimeout(show, SHOW_LATEST_MS);
  window.once('ready-to-show', () => {
    clearTimeout(latest);
    show();
  });
  window.once('closed', () => clearTimeout(latest));

  const remember = (): void =>
    state.update({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const)
    window.on(event as 'resize', remember);
  window.webContents.on('render-process-gone', (_event, details) => {
    log('page-gone', { reason: details.reason, exitCode: details.exitCode });
    options.onPageGone(window);
  });
  keepInside(window, options);
  window.loadURL(`${OWN_ORIGIN}/`).catch((error: Error) => log('page-not-loaded', { error: error.message }));
  return window;
}

/** The window stays on our own page: no navigation, no frame, no second window leads anywhere else. */
function keepInside(window: BrowserWindow, { log, onForeignAddress }: MainWindowOptions): void {
  const contents = window.webContents;
  const deny = (kind: string, event: { readonly url: string; preventDefault(): void }): void => {
    if (isOwnUrl(event.url)) return;
    event.preventDefault();
    log('navigation-refused', { kind, url: event.url.slice(0, 200) });
  };
  contents.on('will-navigate', (event) => deny('navigate', event));
  contents.on('will-redirect', (event) => deny('redirect', event));
  contents.on('will-frame-navigate', (event) => deny('frame', event));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    log('window-open-refused', { url: url.slice(0, 200) });
    onForeignAddress(url);
    return { action: 'deny' };
  });
}
