import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataRoom, dataMigrations, readTableFile } from '../../src/core/data/index.ts';
import { DemoRoom } from '../../src/core/demo/index.ts';
import { FeatureRoom, featuresMigrations } from '../../src/core/features/index.ts';
import { InferenceRoom } from '../../src/core/inference/index.ts';
import type { JobContext } from '../../src/core/jobs/index.ts';
import { MonitoringRoom, monitoringMigrations } from '../../src/core/monitoring/index.ts';
import { ModelRegistry, registryMigrations } from '../../src/core/registry/index.ts';
import { TrackingRoom, trackingMigrations } from '../../src/core/tracking/index.ts';
import { TrainingRoom } from '../../src/core/training/index.ts';
import { demoReport } from '../../src/shared/contract/demo.ts';
import type { DemoReport } from '../../src/shared/contract/types.ts';
import { cellToJson, findColumn } from '../../src/shared/table/column.ts';
import { type EngineParts, openParts } from '../fixtures/engine-parts.ts';

let parts: EngineParts;
let registry: ModelRegistry;
let inference: InferenceRoom;
let monitoring: MonitoringRoom;
let report: DemoReport;
const fractions: number[] = [];

const context: JobContext = {
  id: 'job',
  signal: new AbortController().signal,
  progress: ({ fraction }) => void fractions.push(fraction ?? 0),
  log: () => undefined,
};

beforeAll(async () => {
  parts = await openParts([
    dataMigrations,
    featuresMigrations,
    trackingMigrations,
    registryMigrations,
    monitoringMigrations,
  ]);
  const data = new DataRoom(parts);
  const features = new FeatureRoom({ ...parts, data });
  const tracking = new TrackingRoom(parts);
  registry = new ModelRegistry(parts);
  const devices = () => Promise.reject(new Error('Nobody asks for devices on the CPU.'));
  inference = new InferenceRoom({ ...parts, registry, features, devices });
  const training = new TrainingRoom({ ...parts, data, features, tracking, registry });
  monitoring = new MonitoringRoom({ ...parts, data });
  const demo = new DemoRoom({
    ...parts,
    folder: path.join(parts.folder, 'workspace'),
    resources: fileURLToPath(new URL('../../resources', import.meta.url)),
    data,
    features,
    tracking,
    training,
    registry,
    inference,
    monitoring,
  });
  report = await demo.run(context, { rows: '20k' });
}, 90_000);
afterAll(() => parts.close());

describe('the main job on 20k flights', () => {
  it('is sound: beats the baseline, signed, verified, quiet where nothing moved', async () => {
    expect(report.ok).toBe(true);
    expect(report.rows).toMatchObject({ imported: 20_000, test: 4000 });
    expect(report.metrics.auc).toBeGreaterThan(report.metrics.baselineAuc + 0.05);
    expect(report.metrics.logloss).toBeLessThan(report.metrics.baselineLogloss);
    expect(report.quietCheck.drift).toBe(false);
    expect(await registry.get({ reference: 'flight-delay@candidate' })).toMatchObject({
      verified: true,
      digest: report.model.digest,
    });
    expect(monitoring.list()).toHaveLength(2);
  });

  it('writes the report as files that agree with it', () => {
    const folder = path.join(parts.folder, 'workspace');
    expect(demoReport.parse(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')))).toEqual(
      report,
    );
    const html = readFileSync(report.report, 'utf8');
    expect(html.length).toBeLessThan(500_000);
    expect(html).not.toMatch(/<script|https?:\/\/|NaN|undefined/);
    for (const hash of Object.values(report.hashes)) expect(html).toContain(hash);
  });

  it('never lets its progress go back', () => {
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('scores a file of raw columns: the same rows in the same order, and one probability each', async () => {
    const flights = [
      'date,distance,origin,destination',
      '2001-06-15T18:30:00Z,733,ATL,ORD',
      '2001-06-15T06:05:00Z,191,LAX,SFO',
      '2001-06-15T18:30:00Z,733,ATL,ORD',
    ];
    const [input, output] = [path.join(parts.folder, 'in.csv'), path.join(parts.folder, 'out.parquet')];
    writeFileSync(input, `${flights.join('\n')}\n`);
    const result = await inference.predict(context, {
      reference: 'flight-delay',
      in: input,
      out: output,
      device: 'cpu',
      batch: 2,
    });
    expect(result).toMatchObject({ rows: 3, device: 'cpu', latencyMs: { batches: 2 } });
    const table = await readTableFile(output);
    expect(table.columns.map(({ name }) => name)).toEqual([
      'date',
      'distance',
      'origin',
      'destination',
      'prediction',
      'probability',
    ]);
    const origins = [0, 1, 2].map((row) => cellToJson(findColumn(table, 'origin')!, row));
    expect(origins).toEqual(['ATL', 'LAX', 'ATL']);
    const chances = [0, 1, 2].map((row) => cellToJson(findColumn(table, 'probability')!, row));
    expect(chances[2]).toBe(chances[0]);
    expect(chances[0]).toBeGreaterThan(chances[1] as number);
  });

  it('refuses a GPU for trees, an output of no known format, and a file without the model’s columns', async () => {
    const input = path.join(parts.folder, 'short.csv');
    writeFileSync(input, 'distance\n100\n');
    const ask = {
      reference: 'flight-delay',
      in: input,
      out: path.join(parts.folder, 'x.csv'),
      device: 'cpu',
      batch: 10,
    } as const;
    await expect(inference.predict(context, { ...ask, device: 'webgpu' })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
    });
    await expect(
      inference.predict(context, { ...ask, out: path.join(parts.folder, 'x.docx') }),
    ).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
    await expect(inference.predict(context, ask)).rejects.toMatchObject({
      code: expect.stringMatching(/UNKNOWN_COLUMN|BAD_EXPRESSION/),
    });
  });
});
