import path from 'node:path';

/** The product's own files, seen from the sources or from the bundle in dist/node. */
export const resourcesFolder = (): string =>
  path.resolve(
    import.meta.dirname,
    import.meta.url.endsWith('.ts') ? '../../../resources' : '../../resources',
  );
