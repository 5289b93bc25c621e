import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopBridge } from '../../shared/desktop-bridge.ts';
import { CHANNELS, VERSION_ARGUMENT } from './bridge-channels.ts';

const bridge: DesktopBridge = {
  platform: process.platform as DesktopBridge['platform'],
  appVersion:
    process.argv.find((argument) => argument.startsWith(VERSION_ARGUMENT))?.slice(VERSION_ARGUMENT.length) ??
    '',
  openFileDialog: (request) => ipcRenderer.invoke(CHANNELS.openFileDialog, request),
  saveFileDialog: (request) => ipcRenderer.invoke(CHANNELS.saveFileDialog, request),
  pathForFile: (file) => webUtils.getPathForFile(file) || null,
  setAppearance: (appearance) => ipcRenderer.invoke(CHANNELS.setAppearance, appearance),
};

// Belt and braces: nothing but our own page can load in the window's session.
if (location.protocol === 'app:' && location.host === 'falaj')
  contextBridge.exposeInMainWorld('falajDesktop', bridge);
