import path from 'node:path';

/** Where the screens' build lies, seen from the sources or from the bundle. */
export const screensFolder = (): string =>
  import.meta.url.endsWith('.ts')
    ? path.resolve(import.meta.dirname, '../../../dist/renderer')
    : path.resolve(import.meta.dirname, '../renderer');
