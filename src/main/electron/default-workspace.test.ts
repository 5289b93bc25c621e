import { describe, expect, it } from 'vitest';
import { chosenWorkspace } from './default-workspace.ts';

const linux = { environment: {}, platform: 'linux' as const, home: '/home/sara', workingFolder: '/work' };

describe('the workspace that the window opens', () => {
  it('is the one named in the environment, seen from the working folder', () => {
    expect(chosenWorkspace({ ...linux, environment: { FALAJ_WORKSPACE: 'site' } })).toBe('/work/site');
  });

  it('is the default one in the person’s data folder otherwise', () => {
    expect(chosenWorkspace(linux)).toBe('/home/sara/.local/share/falaj/workspace');
    expect(chosenWorkspace({ ...linux, environment: { XDG_DATA_HOME: '/data' } })).toBe(
      '/data/falaj/workspace',
    );
    expect(chosenWorkspace({ ...linux, environment: { FALAJ_DATA: '/srv/falaj' } })).toBe(
      '/srv/falaj/workspace',
    );
    expect(chosenWorkspace({ ...linux, environment: { FALAJ_WORKSPACE: '' } })).toBe(
      '/home/sara/.local/share/falaj/workspace',
    );
  });

  it('follows the platform', () => {
    expect(chosenWorkspace({ ...linux, platform: 'darwin' })).toBe(
      '/home/sara/Library/Application Support/Falaj/workspace',
    );
  });
});
