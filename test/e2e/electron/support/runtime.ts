import { existsSync } from 'node:fs';
import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '../../../..');

export type Found<T> = { readonly value: T } | { readonly missing: string };

/** The Electron to drive: `FALAJ_ELECTRON`, else the test runtime that scripts/get-electron.mjs makes. */
export function electronBinary(): Found<string> {
  const binary = process.env['FALAJ_ELECTRON'] ?? path.join(projectRoot, '.cache', 'electron', 'electron');
  if (existsSync(binary)) return { value: binary };
  return { missing: `an Electron to drive (${binary}): run node scripts/get-electron.mjs` };
}

/** The built product that the shell opens. */
export function builtProduct(): Found<string> {
  const wanted = [
    'dist/electron/main.cjs',
    'dist/electron/preload.cjs',
    'dist/node/engine.mjs',
    'dist/renderer/index.html',
  ];
  const absent = wanted.filter((file) => !existsSync(path.join(projectRoot, file)));
  return absent.length === 0
    ? { value: projectRoot }
    : { missing: `the build (${absent.join(', ')}): run npm run build` };
}
