import {
  type BrowserWindow,
  dialog,
  type IpcMain,
  type IpcMainInvokeEvent,
  type OpenDialogOptions,
} from 'electron';
import type * as z from 'zod/mini';
import type { DesktopAppearance } from '../../shared/desktop-bridge.ts';
import { FalajError } from '../../shared/errors.ts';
import { CHANNELS } from './bridge-channels.ts';
import { appearanceSchema, openFileRequestSchema, saveFileRequestSchema } from './bridge-requests.ts';
import { OWN_ORIGIN } from './own-origin.ts';

export interface BridgeOptions {
  readonly ipc: IpcMain;
  /** The window that may ask, while it lives. */
  readonly window: () => BrowserWindow | null;
  onAppearance(appearance: DesktopAppearance): void;
}

export function registerBridge(options: BridgeOptions): void {
  const { ipc } = options;
  ipc.handle(CHANNELS.openFileDialog, async (event, raw: unknown): Promise<string[]> => {
    const window = askingWindow(event, options.window());
    const request = parse(openFileRequestSchema, raw ?? {});
    const properties: OpenDialogOptions['properties'] = [request.folder ? 'openDirectory' : 'openFile'];
    if (request.multiple) properties.push('multiSelections');
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { ...titled(request), properties });
    return canceled ? [] : filePaths;
  });
  ipc.handle(CHANNELS.saveFileDialog, async (event, raw: unknown): Promise<string | null> => {
    const window = askingWindow(event, options.window());
    const request = parse(saveFileRequestSchema, raw ?? {});
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      ...titled(request),
      ...(request.suggestedName === undefined ? {} : { defaultPath: request.suggestedName }),
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    return canceled || filePath === '' ? null : filePath;
  });
  ipc.handle(CHANNELS.setAppearance, (event, raw: unknown): void => {
    askingWindow(event, options.window());
    options.onAppearance(parse(appearanceSchema, raw));
  });
}

/** Only the top frame of our own window, showing our own page, may ask. */
function askingWindow(event: IpcMainInvokeEvent, window: BrowserWindow | null): BrowserWindow {
  const frame = event.senderFrame;
  if (
    window === null ||
    event.sender.id !== window.webContents.id ||
    frame === null ||
    frame.parent !== null ||
    frame.origin !== OWN_ORIGIN
  ) {
    throw new FalajError('FORBIDDEN', 'This page may not ask the desktop shell.');
  }
  return window;
}

function parse<T>(schema: z.ZodMiniType<T>, raw: unknown): T {
  const result = schema.safeParse(raw);
  if (!result.success)
    throw new FalajError('BAD_INPUT', 'The desktop shell was asked in a form it does not know.');
  return result.data;
}

function titled(request: {
  title?: string | undefined;
  filters?: { name: string; extensions: string[] }[] | undefined;
}): { title?: string; filters?: { name: string; extensions: string[] }[] } {
  return {
    ...(request.title === undefined ? {} : { title: request.title }),
    ...(request.filters === undefined ? {} : { filters: request.filters }),
  };
}
