import { DataRoom, dataMigrations } from '../../src/core/data/index.ts';
import { FeatureRoom, featuresMigrations } from '../../src/core/features/index.ts';
import { OnlineRoom, onlineMigrations, PushLog } from '../../src/core/online/index.ts';
import { openSample } from './sample-workspace.ts';

export const DEFINITIONS = `
kind: Entity
name: thing
keys: [{name: thing, type: int64}]
---
kind: FeatureView
name: facts
entities: [thing]
source: {dataset: facts}
features: [{name: value}, {name: sum_1d, aggregate: {fn: sum, of: value, window: 1d}}]
---
kind: FeatureView
name: pushed
entities: [thing]
source: {push: true}
features: [{name: value}, {name: note, type: string}]
`;

export const NOW_MS = Date.UTC(2026, 0, 1, 12);
export const PUSH_ROWS = 50;
export const THINGS = 20;

/** Row of the n-th batch; some come late. */
export const pushedRows = (batch: number): Record<string, string | number>[] =>
  Array.from({ length: PUSH_ROWS }, (_, row) => {
    const number = batch * PUSH_ROWS + row;
    return {
      thing: number % THINGS,
      event_time: new Date(NOW_MS - 3_600_000 + ((number * 7919) % 10_007) * 100).toISOString(),
      value: number,
      note: `CANARY-77ab31-${number}`,
    };
  });

/** The rooms of an online store on the sample workspace. */
export function openOnline(folder: string) {
  const sample = openSample(folder, dataMigrations, featuresMigrations, onlineMigrations);
  const shared = { ...sample, notify: () => undefined, clock: () => NOW_MS };
  const log = new PushLog(sample.store, sample.blobs);
  const data = new DataRoom(shared);
  const features = new FeatureRoom({ ...shared, data, pushed: log });
  return { ...sample, data, features, log, online: new OnlineRoom({ ...shared, data, features, log }) };
}
