import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fixture,
  nvidiaProgram,
  runOnly,
  surroundings,
} from '../../../test/fixtures/devices/fake-commands.ts';
import { amdCard } from '../../../test/fixtures/devices/trees.ts';
import { spawnIsolated } from '../processes/index.ts';
import { DeviceRoom } from './device-room.ts';
import { foundDevice } from './found-device.ts';
import { largestRelativeDifference, probeMatrix, referenceProduct } from './probe-model.ts';
import { formatProbeResult, type ProbeResult, parseProbeOutput } from './probe-result.ts';
import type { SpawnProbe } from './surroundings.ts';
import { explainFailure, probeEnvironment, Verifier } from './verification.ts';

const RAN: Omit<ProbeResult, 'probe'> = {
  runtime: 'cpu',
  outcome: 'ran',
  message: '',
  timeMs: 0.2,
  cpuTimeMs: 0.3,
  difference: 1e-7,
  libraries: [],
};
const never = new AbortController().signal;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'falaj-probe-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Real children that run the given program in place of the probe. */
const misbehaving =
  (source: string): SpawnProbe =>
  (options) => {
    const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
    writeFileSync(file, source);
    return spawnIsolated({ ...options, entry: pathToFileURL(file) });
  };

const verifier = (spawn: SpawnProbe, rest = {}): Verifier =>
  new Verifier({ spawn, environment: {}, platform: 'linux', timeLimitMs: 20_000, ...rest });

const print = (...results: Omit<ProbeResult, 'probe'>[]): string =>
  `process.stdout.write(${JSON.stringify(results.map(formatProbeResult).join(''))});`;

describe('a trial', () => {
  it('verifies the CPU with the real child', async () => {
    const trial = await verifier(spawnIsolated).verify('cpu', null, never);
    expect(trial.outcome).toBe('verified');
    expect(trial.reason).toMatch(
      /^Computed a 256×256 product with cpu in [\d.e-]+ ms; largest difference \d/,
    );
    expect(trial.result?.difference).toBeLessThan(1e-5);
    expect(trial.result?.libraries.some((library) => /onnxruntime/.test(library))).toBe(true);
  });

  it('of a package that is not installed is an absence, not an error', async () => {
    const trial = await verifier(spawnIsolated).verify('tfjs-node-gpu', null, never);
    expect(trial).toMatchObject({ outcome: 'absent', reason: 'The package is not installed.' });
  });

  it('of Dawn names its adapter, and how its numbers and time are', async () => {
    const ran: Omit<ProbeResult, 'probe'> = {
      runtime: 'dawn',
      outcome: 'ran',
      message: '',
      adapter: 'NVIDIA L4',
      timeMs: 0.5,
      cpuTimeMs: 6,
      difference: 2e-6,
      libraries: [],
    };
    expect(await verifier(misbehaving(print(ran))).verify('dawn', null, never)).toMatchObject({
      outcome: 'verified',
      reason:
        'Learned a step of a network on NVIDIA L4 in 0.50 ms, one CPU thread 6.00 ms; largest difference 2e-6.',
    });
    const wrong = { ...ran, difference: 0.5 };
    expect(await verifier(misbehaving(print(wrong))).verify('dawn', null, never)).toMatchObject({
      outcome: 'failed',
      reason: 'A step of a network differs from the CPU by 0.50.',
    });
  });

  it('of Dawn without a Vulkan loader says what is missing', () => {
    const warning =
      "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory";
    expect(explainFailure('There is no graphics adapter with a working driver.', warning)).toMatchObject({
      code: 'noAdapterLibrary',
      text: 'No graphics adapter: libvulkan.so.1 is not installed.',
    });
  });

  it('of CUDA without its files fails with the name of what is missing', async () => {
    const trial = await verifier(spawnIsolated).verify('cuda', null, never);
    expect(trial.outcome).toBe('failed');
    expect(trial.reason).toMatch(/not installed/);
  });

  it.each([
    ['hangs', 'setInterval(() => 0, 1000);', /No answer in 0.7 s/],
    ['crashes', 'process.abort();', /died \(SIGABRT\)/],
    [
      'prints garbage',
      'console.log(\'{"probe":"falaj-device-probe"\'); console.log(\'Segmentation\');',
      /no usable result/,
    ],
    ['prints nothing', '', /no usable result/],
    ['contradicts itself', print(RAN, { ...RAN, difference: 0.5 }), /no usable result/],
    ['answers for another runtime', print({ ...RAN, runtime: 'webgpu' }), /no usable result/],
    ['computes wrong numbers', print({ ...RAN, difference: 0.25 }), /differs from the CPU by 0.25/],
    ['computes no numbers', print({ ...RAN, difference: null }), /gave values that are not numbers/],
    ['dies after its answer', `${print(RAN)} process.exitCode = 3;`, /died \(exit 3\)/],
  ])('that %s fails', async (_, source, reason) => {
    const limit = source.includes('setInterval') ? 700 : 20_000;
    const trial = await verifier(misbehaving(source), { timeLimitMs: limit }).verify('cpu', null, never);
    expect(trial.outcome).toBe('failed');
    expect(trial.reason).toMatch(reason);
  });

  it('that prints noise around its answer, and the answer twice, passes', async () => {
    const source = `console.log('loading'); ${print(RAN, RAN)} console.log('bye');`;
    expect((await verifier(misbehaving(source)).verify('cpu', null, never)).outcome).toBe('verified');
  });

  it('stops at once when it is cancelled', async () => {
    const controller = new AbortController();
    const trial = verifier(misbehaving('setInterval(() => 0, 1000);')).verify('cpu', null, controller.signal);
    setTimeout(() => controller.abort(), 100);
    await expect(trial).rejects.toThrow(/abort/i);
  });

  it('is not made on a card that is split or hidden', async () => {
    const spawn: SpawnProbe = () => {
      throw new Error('Nothing may be started.');
    };
    const card = foundDevice({
      id: 'GPU-1',
      kind: 'cuda',
      vendor: 'NVIDIA',
      name: 'x',
      sources: [],
      index: 1,
    });
    expect((await verifier(spawn).verify('cuda', { ...card, split: true }, never)).outcome).toBe('skipped');
    const hidden = verifier(spawn, { environment: { CUDA_VISIBLE_DEVICES: '0' } });
    expect((await hidden.verify('cuda', card, never)).outcome).toBe('skipped');
  });

  it('shows CUDA the one device and keeps secrets of the environment away', () => {
    const slice = foundDevice({ id: 'MIG-7', kind: 'cuda', vendor: 'NVIDIA', name: 'x', sources: [] });
    const environment = {
      TOKEN: 'secret',
      VK_ICD_FILENAMES: '/x.json',
      CUDA_VISIBLE_DEVICES: '0',
      HOME: '/root',
    };
    expect(probeEnvironment(environment, slice)).toEqual({
      VK_ICD_FILENAMES: '/x.json',
      CUDA_VISIBLE_DEVICES: 'MIG-7',
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    });
  });
});

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

describe('a software adapter', () => {
  it.skipIf(!existsSync(SWIFTSHADER))('computes right and is never offered', async () => {
    const devices = new DeviceRoom({
      ...surroundings({
        environment: {
          LD_LIBRARY_PATH: '/usr/lib/chromium',
          VK_ICD_FILENAMES: SWIFTSHADER,
          XDG_RUNTIME_DIR: folder,
        },
      }),
      spawn: spawnIsolated,
      publish: () => undefined,
      notify: () => undefined,
    });
    const report = await devices.verify({ signal: never, progress: () => undefined, log: () => undefined });
    expect(report.accelerators).toHaveLength(1);
    expect(report.accelerators[0]).toMatchObject({
      name: 'SwiftShader',
      kind: 'webgpu',
      software: true,
      verified: false,
    });
    expect(report.backends).toContainEqual({
      name: 'webgpu',
      available: false,
      reason: 'Only a software adapter answered (SwiftShader).',
      messages: [expect.objectContaining({ code: 'softwareOnly', values: { adapter: 'SwiftShader' } })],
    });
    expect(report.backends[0]).toMatchObject({ name: 'cpu', available: true });
  });
});

describe('a verification', () => {
  /** Children that answer as a machine with these working runtimes would. */
  const answering =
    (libraries: readonly string[], calls: string[] = []): SpawnProbe =>
    (options) => {
      const runtime = options.args[0] as ProbeResult['runtime'];
      calls.push(`${runtime} ${options.environment['CUDA_VISIBLE_DEVICES'] ?? ''}`.trim());
      return misbehaving(print({ ...RAN, runtime, libraries: [...libraries] }))(options);
    };

  it('tries CUDA on every slice and card, and keeps the result until the driver changes', async () => {
    const calls: string[] = [];
    const machine = (driver: string) =>
      nvidiaProgram({
        csv: fixture('nvidia-mig.csv').replaceAll('590.31.07', driver),
        help: fixture('nvidia-help.txt'),
        list: fixture('nvidia-mig.list.txt'),
      });
    let program = machine('590.31.07');
    let now = 0;
    const notified: string[] = [];
    const devices = new DeviceRoom({
      ...surroundings({ run: runOnly({ 'nvidia-smi': (args) => program(args) }) }),
      clock: () => now,
      spawn: answering(['libGLX_nvidia.so.0'], calls),
      publish: () => undefined,
      notify: (changed) => notified.push(changed),
    });
    const report = await devices.verify({ signal: never, progress: () => undefined, log: () => undefined });
    expect(calls).toEqual([
      'cpu',
      'webgpu',
      'cuda MIG-0f7c9a10-53be-5d21-8a44-6be1c2d3e0b1',
      'cuda MIG-0f7c9a10-53be-5d21-8a44-6be1c2d3e0b2',
      'cuda GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a0a2',
      'dawn',
      'tfjs-node-gpu',
    ]);
    expect(report.accelerators.map((device) => device.verified)).toEqual([false, true, true, true]);
    expect(report.accelerators[0]?.reason).toMatch(/Split into slices/);
    expect(report.backends.find(({ name }) => name === 'cuda')?.available).toBe(true);
    expect(new Set(notified)).toEqual(new Set(['devices']));

    now = 10_000;
    program = machine('600.10.01');
    const after = await devices.list();
    expect(after.accelerators.map((device) => device.verified)).toEqual([false, false, false, false]);
  });

  it('credits WebGPU to the only card that can have done it', async () => {
    const devices = new DeviceRoom({
      ...surroundings({ sys: amdCard }),
      spawn: answering(['libvulkan_radeon.so']),
      publish: () => undefined,
      notify: () => undefined,
    });
    const report = await devices.verify({ signal: never, progress: () => undefined, log: () => undefined });
    expect(report.accelerators[0]).toMatchObject({ vendor: 'AMD', verified: true });
    expect(report.accelerators[0]?.reason).toMatch(/with webgpu in 0\.20 ms, one CPU thread 0\.30 ms/);
  });
});

describe('the product', () => {
  it('of the reference is the product', () => {
    const [left, right] = [probeMatrix(1), probeMatrix(2)];
    let expected = 0;
    for (let inner = 0; inner < 256; inner++) expected += left[3 * 256 + inner]! * right[inner * 256 + 7]!;
    expect(referenceProduct(left, right)[3 * 256 + 7]).toBeCloseTo(expected, 10);
  });

  it('differs without bound when a value is not a number or one is missing', () => {
    expect(largestRelativeDifference([1, Number.NaN], Float64Array.of(1, 2))).toBe(Number.POSITIVE_INFINITY);
    expect(largestRelativeDifference([1], Float64Array.of(1, 2))).toBe(Number.POSITIVE_INFINITY);
    expect(largestRelativeDifference([1, 2.5], Float64Array.of(1, 2))).toBe(0.25);
  });
});

describe('the text of a failure', () => {
  it.each([
    [
      '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 adapter_result.status == wgpu::RequestAdapterStatus::Success was false.',
      "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file",
      'No graphics adapter: libvulkan.so.1 is not installed.',
    ],
    [
      'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
      '\u001b[1;31mFailed to load library /app/libonnxruntime_providers_cuda.so with error: libcublas.so.13: cannot open shared object file',
      "The runtime's files are not installed: libcublas.so.13 is missing.",
    ],
    ['CUDA failure 100: no device', '', 'CUDA failure 100: no device'],
  ])('of %j names the cause', (message, stderr, text) => {
    expect(explainFailure(message, stderr).text).toBe(text);
  });

  it('is not read from a result that is none', () => {
    expect(parseProbeOutput('falaj-device-probe')).toBeNull();
  });
});
