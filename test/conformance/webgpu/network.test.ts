import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { NETWORK_CASES, RESUMED_CASE } from './support/network-cases.ts';
import { softwareAdapter } from './support/software-adapter.ts';

interface Comparison {
  readonly name: string;
  /** Of the whole change of the weights. */
  readonly apart: number;
  readonly resumed: {
    readonly gpuFromGpu: number;
    readonly gpuFromCpu: number;
    readonly cpuFromGpu: number;
  } | null;
  readonly predictions: number;
  readonly losses: readonly [cpu: readonly number[][], gpu: readonly number[][]];
}

const environment = softwareAdapter('networks on WebGPU');
const program = fileURLToPath(new URL('./support/compare-networks.ts', import.meta.url));

describe.skipIf(environment === null)('a network that learns by WebGPU, on a software adapter', () => {
  const found = new Map<string, Comparison>();
  beforeAll(() => {
    // A driver is never loaded into the process of the tests: it may end it.
    const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`The comparison ended with ${status}: ${stderr}`);
    for (const line of stdout.trim().split('\n')) {
      const comparison = JSON.parse(line) as Comparison;
      found.set(comparison.name, comparison);
    }
  }, 600_000);

  it.each(Object.keys(NETWORK_CASES))('has the CPU’s numbers for %s', (name) => {
    const { apart, losses, predictions } = found.get(name)!;
    expect(apart).toBeLessThan(1e-5);
    // Biases before a normalisation are left to chance on every device, and its running figures follow them slowly.
    expect(predictions).toBeLessThan(name === RESUMED_CASE ? 0.01 : 1e-4);
    for (const [epoch, [train, validation]] of losses[0].entries()) {
      expect(losses[1][epoch]![0]! / train!).toBeCloseTo(1, 4);
      expect(losses[1][epoch]![1]! / validation!).toBeCloseTo(1, name === RESUMED_CASE ? 2 : 4);
    }
  });

  it('goes on from its own checkpoint to the same numbers, and with the CPU’s in either direction', () => {
    const { resumed } = found.get(RESUMED_CASE)!;
    expect(resumed!.gpuFromGpu).toBe(0);
    expect(resumed!.gpuFromCpu).toBeLessThan(1e-5);
    expect(resumed!.cpuFromGpu).toBeLessThan(1e-5);
  });
});
