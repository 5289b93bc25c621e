/**
 * What the desktop window offers its page beyond a browser: only what a page cannot do by itself. Everything else goes
 * through the contract. `window.falajDesktop` is absent in a browser, so every use has a fallback there.
 */
export interface FileFilter {
  /** Shown in the dialog, already translated. */
  readonly name: string;
  /** Without the dot: `['parquet', 'csv']`; `['*']` allows every file. */
  readonly extensions: readonly string[];
}

export interface OpenFileRequest {
  readonly title?: string;
  readonly filters?: readonly FileFilter[];
  /** Several files may be chosen. Default: one. */
  readonly multiple?: boolean;
  /** Choose a folder instead of a file. */
  readonly folder?: boolean;
}

export interface SaveFileRequest {
  readonly title?: string;
  readonly filters?: readonly FileFilter[];
  /** A bare file name, without folders. */
  readonly suggestedName?: string;
}

export interface DesktopAppearance {
  readonly language: 'en' | 'ar';
  readonly theme: 'light' | 'dark' | 'system';
}

export interface DesktopBridge {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly appVersion: string;
  /** Asks the person for files; absolute paths, empty when the dialog was cancelled. */
  openFileDialog(request?: OpenFileRequest): Promise<readonly string[]>;
  /** Asks where to save; an absolute path, or null when the dialog was cancelled. Nothing is written. */
  saveFileDialog(request?: SaveFileRequest): Promise<string | null>;
  /** The absolute path of a file that was dropped or chosen in the page; null when it exists only in memory. */
  pathForFile(file: File): string | null;
  /** Tells the shell the page's language and theme, so that menus, dialogs and the next start's first frame match. */
  setAppearance(appearance: DesktopAppearance): Promise<void>;
}

declare global {
  interface Window {
    readonly falajDesktop?: DesktopBridge;
  }
}
