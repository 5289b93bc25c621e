import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FLOOR_COST } from '../vault/index.ts';
import { Engine } from './engine.ts';
import { workspaceHolder } from './workspace-lock.ts';

const PASSPHRASE = 'correct horse battery staple';
const WORKSPACE = { name: 'Tests', passphrase: PASSPHRASE, jurisdiction: [] };
let folder: string;
const newEngine = (clock: () => number = Date.now): Engine =>
  new Engine({ folder, resources: folder, clock, environment: {}, passphraseCost: FLOOR_COST });

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a workspace', () => {
  it('that could not be made as a whole leaves nothing behind, and can be made again', async () => {
    await expect(newEngine(() => Number.NaN).create(WORKSPACE)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
    const engine = newEngine();
    await engine.create(WORKSPACE);
    await expect(newEngine().create(WORKSPACE)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(engine.state).toBe('open');
    await engine.close();
  });

  it('lets go of keys, store and lock even when the work under way cannot be ended', async () => {
    const engine = newEngine();
    await engine.create(WORKSPACE);
    const { rooms } = engine;
    vi.spyOn(rooms.jobs, 'close').mockRejectedValue(new Error('the disk failed'));
    await expect(engine.lock()).rejects.toThrow('the disk failed');
    expect(engine.state).toBe('locked');
    expect(workspaceHolder(folder)).toBeNull();
    expect(() => rooms.vault.deriveKey('any')).toThrow(expect.objectContaining({ code: 'WORKSPACE_LOCKED' }));
    expect(() => rooms.store.check()).toThrow();
    await engine.unlock({ passphrase: PASSPHRASE });
    expect(engine.rooms.audit.verify()).toMatchObject({ intact: true });
    await engine.close();
  });

  it('records what it was unlocked with, and a change of the passphrase only when there is one', async () => {
    const engine = newEngine();
    const { recoveryKey } = await engine.create(WORKSPACE);
    await engine.lock();
    await engine.unlock({ recoveryKey });
    const next = 'another long passphrase';
    await expect(
      engine.changePassphrase({ current: { passphrase: 'wrong passphrase' }, next }),
    ).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    await engine.changePassphrase({ current: { recoveryKey }, next });
    const records = engine.rooms.audit
      .list()
      .entries.map(({ action, result, details }) => [action, result, details['by']]);
    expect(records.reverse()).toEqual([
      ['workspace.create', 'done', undefined],
      ['workspace.lock', 'done', undefined],
      ['workspace.unlock', 'done', 'recovery'],
      ['vault.change-passphrase', 'refused', 'passphrase'],
      ['vault.change-passphrase', 'done', 'recovery'],
    ]);
    await engine.close();
    await engine.unlock({ passphrase: next });
    await engine.close();
  });
});
