import { afterEach, describe, expect, it } from 'vitest';
import { scriptedChild } from '../../../../test/fixtures/scripted-child.ts';
import { byChance, visitLines } from '../../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../../test/fixtures/visit-trainings.ts';
import type { Run } from '../../../shared/contract/types.ts';
import type { TrainResult } from '../../../shared/definitions/training.ts';
import { SEARCH_KEY_TAG, SEARCH_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import type { IsolatedChild } from '../../processes/index.ts';

const NETWORK = { kind: 'mlp', hidden: [512, 32], epochs: 1, batchRows: 512 } as const;
const TUNE = { trials: 3, sampler: 'random', pruner: 'none', space: { dropout: { uniform: [0, 0.5] } } };

const READY = { kind: 'ready', adapter: 'NVIDIA L4' };
const CHOSEN = { kind: 'chosen', reason: 'Measured: faster.' };
const NO_ADAPTER = { kind: 'refused', reason: 'There is no adapter.', forAll: true };
const OUT_OF_MEMORY = {
  kind: 'failed',
  error: { code: 'OUT_OF_MEMORY', message: 'The GPU has not enough memory.', hint: '' },
};
const chosen = () => scriptedChild([READY, CHOSEN]);
const died = (...messages: readonly unknown[]) => scriptedChild(messages, { code: null, signal: 'SIGSEGV' });

let rooms: VisitTrainings;
let starts = 0;
let children: readonly (() => IsolatedChild)[] = [];
const nothingMore = (): never => {
  throw new Error('Nothing more is started.');
};
afterEach(() => rooms.parts.close());

async function open(): Promise<void> {
  rooms = await openVisitTrainings({
    graphics: { spawn: () => (children[starts++] ?? nothingMore)() },
  });
  await rooms.importVisits(visitLines(1500, byChance));
}

/** @param answers of the processes that are started for a GPU, in order. */
function search(
  answers: readonly (() => IsolatedChild)[],
  changes: Record<string, unknown> = {},
  signal = rooms.context.signal,
  more: Record<string, unknown> = {},
): Promise<TrainResult> {
  [starts, children] = [0, answers];
  const definition = visitTraining({ learner: { ...NETWORK, ...changes }, tune: TUNE });
  const text = JSON.stringify({ ...definition, ...more });
  rooms.features.apply({ documents: [{ file: 'falaj.yaml', text }], prune: false });
  return rooms.training.run({ ...rooms.context, signal }, { name: 'buy' });
}
const runsOf = (tag: string): Run[] => rooms.tracking.list({}).filter(({ tags }) => tags[tag] !== undefined);

describe('the device of a search', { timeout: 120_000 }, () => {
  it('is decided once, and is the same for its trials, its model and a later attempt', async () => {
    await open();
    const stop = new AbortController();
    const watch = setInterval(() => {
      if (runsOf(TRIAL_TAG).some(({ status }) => status === 'finished')) stop.abort();
    }, 1);
    await expect(search([() => scriptedChild([NO_ADAPTER])], {}, stop.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    clearInterval(watch);
    expect(starts).toBe(1);
    const { tuning, run } = await search([]);
    expect(starts).toBe(0);
    const runs = [
      ...runsOf(TRIAL_TAG),
      rooms.tracking.get({ id: tuning!.run }),
      rooms.tracking.get({ id: run }),
    ];
    expect(runs.length).toBeGreaterThanOrEqual(5);
    for (const { tags } of runs)
      expect(tags).toMatchObject({ device: 'cpu', deviceReason: 'There is no adapter.' });
  });

  it('is a GPU or nothing where the definition says so', async () => {
    await open();
    await expect(search([() => died(READY)], { device: 'webgpu' })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      hint: expect.stringMatching(/device: auto/),
    });
    expect(runsOf(TRIAL_TAG)).toEqual([]);
    expect(runsOf(SEARCH_TAG)).toMatchObject([{ status: 'failed' }]);
  });

  it('stops the search when it is lost or another answers, and is waited for by a later attempt', async () => {
    await open();
    const lost = {
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringContaining('on NVIDIA L4, which is lost'),
    };
    await expect(search([chosen, () => died(READY)])).rejects.toMatchObject(lost);
    expect(starts).toBe(2);
    for (const answer of [NO_ADAPTER, { ...READY, adapter: 'Intel Arc' }])
      await expect(search([() => scriptedChild([answer])])).rejects.toMatchObject(lost);
    expect(starts).toBe(1);
    for (const run of [...runsOf(TRIAL_TAG), ...runsOf(SEARCH_TAG)])
      expect(run).toMatchObject({ status: 'failed', tags: { device: 'webgpu: NVIDIA L4' } });
    // A person who does without it begins anew.
    const { run } = await search([], { device: 'cpu' });
    expect(rooms.tracking.get({ id: run }).tags).toMatchObject({ device: 'cpu' });
  });

  it('stops a search with every learner, too, which goes on after the trials of all', async () => {
    await open();
    // As many features as a network needs to be large enough for a GPU.
    const expressions = Array.from({ length: 10 }, (_, at) => ({
      name: `f${at}`,
      expression: `price * ${at}`,
    }));
    const auto = { learner: { kind: 'auto', trials: 4 }, tune: undefined, expressions };
    await expect(search([chosen, () => died(READY)], {}, undefined, auto)).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
    });
    await expect(search([() => scriptedChild([NO_ADAPTER])], {}, undefined, auto)).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
    });
    const triedBy = (learner: string) =>
      runsOf(SEARCH_KEY_TAG)
        .filter(({ params }) => params['learner'] === learner)
        .map(({ status }) => status);
    expect(triedBy('mlp')).toEqual(['failed', 'failed']);
    expect(triedBy('linear')).toEqual(['finished']);
  });

  it('has no room for some trials, which fail alone, or for any, which is why there is no model', async () => {
    await open();
    const full = () => scriptedChild([READY, OUT_OF_MEMORY]);
    await expect(search([chosen, full, full, full])).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: 'NVIDIA L4: The GPU has not enough memory.',
    });
    expect(runsOf(TRIAL_TAG).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
    const [first] = runsOf(SEARCH_TAG);
    const { counts } = rooms.training.trials({ id: first!.id });
    expect(counts).toMatchObject({ failed: 3, finished: 0 });
  });
});
