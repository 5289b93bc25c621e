import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IsolatedChild } from '../../../src/core/processes/index.ts';
import type { Run } from '../../../src/shared/contract/types.ts';
import type { TrainResult } from '../../../src/shared/definitions/training.ts';
import { SEARCH_TAG, TRIAL_TAG } from '../../../src/shared/run-search.ts';
import { scriptedChild } from '../../fixtures/scripted-child.ts';
import { type VisitTrainings, visitTraining } from '../../fixtures/visit-trainings.ts';
import { openOnSoftware } from './support/open-on-software.ts';
import { softwareAdapter } from './support/software-adapter.ts';

const environment = softwareAdapter('searches on WebGPU');

const NETWORK = { kind: 'mlp', hidden: [16], epochs: 2, batchRows: 512, device: 'webgpu' } as const;
const TUNE = {
  trials: 2,
  parallel: 2,
  pruner: 'none',
  space: { dropout: { uniform: [0, 0.5] }, learningRate: { logUniform: [0.001, 0.03] } },
};
const ON_SOFTWARE = {
  device: expect.stringMatching(/^webgpu: .*SwiftShader/),
  deviceReason: expect.stringMatching(/^Measured: .* weights agree to/),
};

let rooms: VisitTrainings;
/** What each process for the GPU said, in the order in which they began. */
let said: string[][] = [];
/** The software adapter's name, as it was told last. */
let adapter = '';
/** Told of each message before anybody acts on it. */
let onSaid: (order: number, kind: string, pid: number) => void = () => undefined;
/** Takes the place of a process. */
let instead: (order: number) => IsolatedChild | null = () => null;

beforeEach(async () => {
  said = [];
  onSaid = () => undefined;
  instead = () => null;
  rooms = await openOnSoftware(environment, {
    start: (real) => {
      const kinds: string[] = [];
      const order = said.push(kinds) - 1;
      const child = instead(order) ?? real();
      child.onMessage((message) => {
        const { kind, adapter: name = adapter } = message as { readonly kind: string; adapter?: string };
        kinds.push(kind);
        adapter = name;
        onSaid(order, kind, child.pid);
      });
      return child;
    },
  });
});
afterEach(() => rooms.parts.close());

function search(
  id: string,
  changes: Record<string, unknown> = {},
  learner: Record<string, unknown> = NETWORK,
  signal = rooms.context.signal,
): Promise<TrainResult> {
  const text = JSON.stringify(visitTraining({ learner, tune: { ...TUNE, ...changes } }));
  rooms.features.apply({ documents: [{ file: 'falaj.yaml', text }], prune: false });
  return rooms.training.run({ ...rooms.context, id, signal }, { name: 'buy' });
}
/** In order. */
const trialsOf = (id: string): Run[] =>
  rooms.tracking
    .list({})
    .filter(({ tags }) => tags['job'] === id && tags[TRIAL_TAG] !== undefined)
    .sort((a, b) => Number(a.tags[TRIAL_TAG]) - Number(b.tags[TRIAL_TAG]));
const resultsOf = (id: string) =>
  trialsOf(id)
    .filter(({ status }) => status === 'finished')
    .map(({ params, metrics }) => [params, metrics['validationAuc'], metrics['validationLogloss']]);

describe.skipIf(environment === null)('a search on a software adapter', { timeout: 480_000 }, () => {
  it('chooses it once, tries one network after another there, and the same again for the same seed', async () => {
    const { tuning, run, model, metrics } = await search('first');
    expect(model).toEqual({ name: 'buyers', version: 1 });
    expect(metrics['onnxDifference']).toBeLessThan(1e-5);
    const parent = rooms.tracking.get({ id: tuning!.run });
    const learned = [parent, ...trialsOf('first'), rooms.tracking.get({ id: run })];
    expect(learned).toHaveLength(4);
    for (const { status, tags } of learned) {
      expect(status).toBe('finished');
      expect(tags).toMatchObject(ON_SOFTWARE);
      expect(tags['deviceReason']).toBe(parent.tags['deviceReason']);
    }
    for (const { id, metrics: own } of trialsOf('first')) {
      expect(own['fitSeconds']).toBeGreaterThan(0);
      expect(rooms.tracking.history({ id, metric: 'validationLoss' }).map(({ step }) => step)).toEqual([
        1, 2,
      ]);
    }
    // One compares; the trials and the model only learn.
    expect(said.map((kinds) => kinds.includes('chosen'))).toEqual([true, false, false, false]);
    expect(said[0]).toEqual(['ready', 'chosen']);

    const again = await search('second');
    expect(resultsOf('second')).toEqual(resultsOf('first'));
    expect(again.tuning!.best).toEqual(tuning!.best);
    expect(again.metrics['auc']).toBe(metrics['auc']);
  });

  it('gives way to a CPU on which a whole trial is measured to be faster', async () => {
    const learner = { ...NETWORK, hidden: [256, 64], device: 'auto' };
    const { tuning } = await search('auto', { trials: 1 }, learner);
    expect(said).toHaveLength(1);
    for (const { tags } of [rooms.tracking.get({ id: tuning!.run }), ...trialsOf('auto')])
      expect(tags).toMatchObject({
        device: 'cpu',
        deviceReason: expect.stringMatching(
          /^The CPU is faster: a step of this network took .* and a trial of 10 steps, with the start of its process, /,
        ),
      });
  });

  it('ends its process at once when it is stopped', async () => {
    const stop = new AbortController();
    let learning = 0;
    onSaid = (order, kind, pid) => {
      if (order !== 1 || kind !== 'epoch') return;
      learning = pid;
      stop.abort();
    };
    await expect(search('stopped', {}, { ...NETWORK, epochs: 500 }, stop.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(() => process.kill(learning, 0)).toThrow(/ESRCH/);
    expect(trialsOf('stopped')).toMatchObject([{ status: 'killed', tags: ON_SOFTWARE }]);
  });

  it('goes on after a trial that has no room there', async () => {
    const error = { code: 'OUT_OF_MEMORY', message: 'The GPU has not enough memory.', hint: '' };
    instead = (order) =>
      order === 1
        ? scriptedChild([
            { kind: 'ready', adapter },
            { kind: 'failed', error },
          ])
        : null;
    const { tuning, model } = await search('search', { folds: 2 });
    expect(trialsOf('search').map(({ status }) => status)).toEqual(['failed', 'finished']);
    expect(tuning).toMatchObject({ trials: 2, pruned: 0 });
    expect(model).toEqual({ name: 'buyers', version: 1 });
    expect(said).toHaveLength(5);
  });

  it('stops when its process dies, and goes on there after the trials that have ended', async () => {
    onSaid = (order, kind, pid) => {
      if (order === 2 && kind === 'epoch') process.kill(pid, 'SIGSEGV');
    };
    await expect(search('search')).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/SwiftShader.* is lost\. The process that uses the GPU is gone/),
      hint: expect.stringContaining('retry the job'),
    });
    expect(trialsOf('search').map(({ status }) => status)).toEqual(['finished', 'failed']);
    const [stopped] = rooms.tracking.list({}).filter(({ tags }) => tags[SEARCH_TAG] !== undefined);
    expect(stopped).toMatchObject({ status: 'failed', tags: ON_SOFTWARE });

    [said, onSaid] = [[], () => undefined];
    const { tuning, run } = await search('search');
    // The second trial and the model; nothing is compared again.
    expect(said).toHaveLength(2);
    expect(said.flat()).not.toContain('chosen');
    const parent = rooms.tracking.get({ id: tuning!.run });
    for (const { tags } of [parent, ...trialsOf('search'), rooms.tracking.get({ id: run })])
      expect(tags['deviceReason']).toBe(stopped!.tags['deviceReason']);
    expect(tuning).toMatchObject({ trials: 2, pruned: 0 });
  });
});
