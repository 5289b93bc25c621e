import { describe, expect, it } from 'vitest';
import { jobOf } from '../../../../test/fixtures/job.ts';
import type { Dataset, Job } from '../../../shared/contract/types.ts';
import { type FlowFacts, flowOf } from './flow.ts';

const nothing: FlowFacts = { datasets: [], views: [], runs: [], models: [], checks: [], jobs: [] };

const dataset = (name: string, importedAt: string): Dataset => ({
  name,
  importedAt,
  version: 1,
  rows: 1,
  columns: [],
  eventTime: null,
  knownTime: null,
  keys: [],
  mode: 'replace',
  addedRows: 1,
  parts: [],
  labels: [],
  purposes: [],
  source: '',
  digest: '',
  sizeBytes: 1,
});

const demo = (step: string): Job =>
  jobOf({
    id: 'j',
    kind: 'demo.run',
    state: 'running',
    progress: { fraction: 0.5, step, detail: '', ratePerSecond: null, unit: null, remainingMs: null },
  });

describe('the flow from data to decisions', () => {
  it('is dry in a new workspace', () => {
    expect(flowOf(nothing).map(({ reached }) => reached)).toEqual([false, false, false, false, false]);
  });

  it('takes the newest change of a station as its freshness', () => {
    const datasets = [dataset('b', '2026-02-01T00:00:00Z'), dataset('a', '2026-01-01T00:00:00Z')];
    expect(flowOf({ ...nothing, datasets })[0]).toMatchObject({
      count: 2,
      freshAt: '2026-02-01T00:00:00Z',
      reached: true,
    });
  });

  it('shows the demo at work where its step is', () => {
    const working = (step: string) =>
      flowOf({ ...nothing, jobs: [demo(step)] }).find((station) => station.working)?.id;
    expect(working('import')).toBe('data');
    expect(working('train')).toBe('runs');
    expect(working('drift')).toBe('drift');
  });
});
