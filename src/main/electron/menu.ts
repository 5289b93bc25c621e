import type { MenuItemConstructorOptions } from 'electron';
import type { ShellTexts } from './shell-texts.ts';

export interface MenuOptions {
  readonly texts: ShellTexts;
  readonly platform: NodeJS.Platform;
  readonly devtools: boolean;
  showAbout(): void;
}

/** Roles carry the usual accelerators; Ctrl/Cmd-K and the letter keys belong to the page. */
export function menuTemplate({
  texts,
  platform,
  devtools,
  showAbout,
}: MenuOptions): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const about: MenuItemConstructorOptions = { label: texts.about, click: showAbout };
  const application: MenuItemConstructorOptions = {
    label: 'Falaj',
    submenu: [
      about,
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit', label: texts.quit },
    ],
  };
  const file: MenuItemConstructorOptions = {
    label: texts.file,
    submenu: [
      { role: 'close', label: texts.closeWindow },
      ...(platform === 'darwin'
        ? []
        : [separator, { role: 'quit', label: texts.quit, accelerator: 'Ctrl+Q' } as const]),
    ],
  };
  const edit: MenuItemConstructorOptions = {
    label: texts.edit,
    submenu: [
      { role: 'undo', label: texts.undo },
      { role: 'redo', label: texts.redo },
      separator,
      { role: 'cut', label: texts.cut },
      { role: 'copy', label: texts.copy },
      { role: 'paste', label: texts.paste },
      { role: 'selectAll', label: texts.selectAll },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: texts.view,
    submenu: [
      { role: 'reload', label: texts.reload },
      separator,
      { role: 'resetZoom', label: texts.actualSize },
      { role: 'zoomIn', label: texts.zoomIn },
      { role: 'zoomOut', label: texts.zoomOut },
      separator,
      { role: 'togglefullscreen', label: texts.fullScreen },
      ...(devtools ? [{ role: 'toggleDevTools', label: texts.developerTools } as const] : []),
    ],
  };
  const window: MenuItemConstructorOptions = {
    label: texts.window,
    submenu: [{ role: 'minimize', label: texts.minimize }],
  };
  const help: MenuItemConstructorOptions = { label: texts.help, role: 'help', submenu: [about] };
  return platform === 'darwin' ? [application, file, edit, view, window] : [file, edit, view, window, help];
}
