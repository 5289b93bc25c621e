import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

  it('whose making was killed counts as none, and is made anew', async () => {
    writeFileSync(path.join(folder, 'falaj.creating'), '');
    writeFileSync(path.join(folder, 'vault.json'), '{"half": "made"}');
    writeFileSync(path.join(folder, 'store.db'), 'SQLite');
    mkdirSync(path.join(folder, 'blobs'));
    const engine = newEngine();
    expect(engine.state).toBe('missing');
    await expect(engine.unlock({ passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'WORKSPACE_MISSING',
    });
    await engine.create(WORKSPACE);
    expect(readdirSync(folder)).not.toContain('falaj.creating');
    await engine.lock();
    await engine.unlock({ passphrase: PASSPHRASE });
    await engine.close();
  });

  it('gives a new recovery key, after which the old one opens nothing', async () => {
    const engine = newEngine();
    const { recoveryKey: old } = await engine.create(WORKSPACE);
    await expect(
      engine.replaceRecoveryKey({ current: { passphrase: 'wrong passphrase' } }),
    ).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
    const { recoveryKey } = await engine.replaceRecoveryKey({ current: { passphrase: PASSPHRASE } });
    expect(engine.slots().filter(({ kind }) => kind === 'recovery')).toHaveLength(1);
    expect(
      engine.rooms.audit.list({ action: 'vault' }).entries.map(({ action, result }) => [action, result]),
    ).toEqual([
      ['vault.replace-recovery-key', 'done'],
      ['vault.replace-recovery-key', 'refused'],
    ]);
    await engine.lock();
    await engine.unlock({ recoveryKey });
    await engine.lock();
    await expect(engine.unlock({ recoveryKey: old })).rejects.toMatchObject({ code: 'WRONG_PASSPHRASE' });
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
