import { expect, it } from 'vitest';
import { gpuShortage } from './gpu-shortage.ts';

const slot = (id: string, gibibytes: number, isFailed = false) => ({
  id,
  memoryTotalBytes: gibibytes * 2 ** 30,
  memoryFreeBytes: 0,
  isFailed,
});

it('is none where the GPUs are there, free or not', () => {
  expect(gpuShortage([slot('a', 24), slot('b', 24)], { gpus: 2, gpuMemoryBytes: null })).toBeNull();
});

it.each([
  ['too few', [slot('a', 24)], null, '2 GPUs were asked for; this machine has 1.'],
  [
    'too small',
    [slot('a', 24), slot('b', 8)],
    10 * 2 ** 30,
    '2 GPUs were asked for; this machine has 1 that are large enough.',
  ],
  [
    'failed',
    [slot('a', 24), slot('b', 24, true)],
    null,
    '2 GPUs were asked for; this machine has 1; 1 more has failed.',
  ],
])('says why: %s', (_why, slots, gpuMemoryBytes, message) => {
  expect(gpuShortage(slots, { gpus: 2, gpuMemoryBytes })).toMatchObject({
    code: 'DEVICE_UNAVAILABLE',
    message,
  });
});
