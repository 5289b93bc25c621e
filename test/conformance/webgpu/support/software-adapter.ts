import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where Chromium's packages lay their software driver and the loader that finds it. */
const FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const DRIVER = 'vk_swiftshader_icd.json';

/** The environment in which Dawn finds Chromium's SwiftShader and no other adapter; null, said aloud, where there is none. */
export function softwareAdapter(skipped: string): Record<string, string> | null {
  const folder = FOLDERS.find((one) => existsSync(path.join(one, DRIVER)));
  if (process.platform !== 'linux' || folder === undefined) {
    process.stderr.write(`skipped: ${skipped}, because there is no Chromium with SwiftShader here\n`);
    return null;
  }
  return {
    LD_LIBRARY_PATH: folder,
    VK_ICD_FILENAMES: path.join(folder, DRIVER),
    XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? '/tmp',
  };
}
