import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobContext } from '../../../src/core/jobs/index.ts';
import { TrackingRoom, trackingMigrations } from '../../../src/core/tracking/index.ts';
import { importRuns } from '../../../src/core/tracking/transfer/import-runs.ts';
import { isolatedRuns } from '../../../src/core/tracking/transfer/reader/read-runs.ts';
import { type EngineParts, openParts } from '../../fixtures/engine-parts.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const python = installPythonPackages('tensorboard-2.20.0', ['tensorboard==2.20.0', 'setuptools==80.9.0']);
if (typeof python === 'string')
  process.stderr.write(`\nSKIPPED: event files of TensorBoard were not imported (${python})\n\n`);

const eventsIn = (dir: string, experiment: string) =>
  isolatedRuns({ kind: 'open', from: 'tensorboard', dir, experiment });

describe.skipIf(typeof python === 'string')('event files of TensorBoard', () => {
  let parts: EngineParts;
  let room: TrackingRoom;
  const context: JobContext = {
    id: 'job',
    signal: new AbortController().signal,
    progress: () => undefined,
    log: () => undefined,
  };
  const take = () => importRuns(room, context, eventsIn(path.join(parts.folder, 'runs'), 'boards'));
  const eventsOf = (run: string): string => {
    const folder = path.join(parts.folder, 'runs', run);
    return path.join(folder, readdirSync(folder)[0]!);
  };

  beforeEach(async () => {
    parts = await openParts([trackingMigrations]);
    room = new TrackingRoom(parts);
    const { bin } = python as { bin: string };
    execFileSync(path.join(bin, 'python'), [path.join(import.meta.dirname, 'write_events.py'), parts.folder]);
  });
  afterEach(() => parts.close());

  it('come in with every scalar, once, and with what was added since', async () => {
    expect(await take()).toEqual({ experiments: 1, runs: 2, skipped: 0, pointsLeftOut: 0 });
    const runs = Object.fromEntries(room.list({}).map((run) => [run.name, run]));
    expect(Object.keys(runs).toSorted()).toEqual(['simple', 'tensors']);
    const loss = room.clients.history({ id: runs['simple']!.id, metric: 'train/loss', limit: 2000 }).items;
    expect(loss).toHaveLength(1000);
    expect(loss[3]).toMatchObject({ step: 3, at: 1_700_000_003_500, value: Math.fround(1 / 4) });
    expect(
      room.clients.history({ id: runs['simple']!.id, metric: 'broken', limit: 10 }).items[0]!.value,
    ).toBeNaN();
    const accuracy = room.clients.history({ id: runs['tensors']!.id, metric: 'accuracy', limit: 20 }).items;
    expect(accuracy.map(({ value }) => value)).toEqual(
      Array.from({ length: 10 }, (_, step) => Math.fround(step / 10)),
    );
    expect(await take()).toEqual({ experiments: 1, runs: 0, skipped: 2, pointsLeftOut: 0 });

    // Its writer is at a record that is not whole yet.
    appendFileSync(eventsOf('tensors'), readFileSync(eventsOf('tensors')).subarray(0, 20));
    expect(await take()).toEqual({ experiments: 1, runs: 1, skipped: 1, pointsLeftOut: 0 });
    expect(room.list({})).toHaveLength(2);
  });

  it('are refused where a record is damaged, and nothing of the run stays', async () => {
    const bytes = readFileSync(eventsOf('simple'));
    bytes[bytes.length - 30]! ^= 1;
    writeFileSync(eventsOf('simple'), bytes);
    await expect(take()).rejects.toMatchObject({ code: 'MALFORMED_FILE' });
    expect(room.list({})).toEqual([]);
    await expect(importRuns(room, context, eventsIn('/nowhere', 'x'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});
