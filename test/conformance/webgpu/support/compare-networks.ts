import { create } from 'webgpu';
import {
  cpuBackend,
  createCpuTrainer,
  createWebGpuTrainer,
  fitNetworkOn,
  type NetworkCheckpoint,
  type NetworkTrainer,
  planNetwork,
  predictNetwork,
} from '../../../../src/numerics/network/index.ts';
import { NETWORK_CASES, RESUMED_CASE } from './network-cases.ts';

/** Learns each case on the CPU and by WebGPU, and prints how far apart they end, one line of JSON a case. */
// Dawn ends with this object, whatever else of it is still held.
const dawn = create([]);

/** Numbers of what was learned; biases before a normalisation, which takes them out again, are left to chance. */
const learned = ({ parameters: { embeddings, layers } }: NetworkTrainer): Float32Array[] => [
  ...embeddings.map(({ parameters }) => parameters),
  ...layers.flatMap(({ weights, bias, norm }) => [
    weights.parameters,
    ...(norm === null ? [bias.parameters] : [norm.scale.parameters, norm.shift.parameters]),
  ]),
];
const copies = (arrays: readonly Float32Array[]): Float32Array[] => arrays.map((values) => values.slice());

for (const [name, options] of Object.entries(NETWORK_CASES)) {
  const plan = planNetwork(options);
  const cpu = createCpuTrainer(plan, cpuBackend());
  const adapter = await dawn.requestAdapter();
  if (adapter === null) throw new Error('There is no adapter.');
  const device = await adapter.requestDevice();
  const gpu = await createWebGpuTrainer(plan, device);
  const before = copies(learned(cpu));
  const losses: Record<string, number[][]> = {};
  const checkpoints: Record<string, NetworkCheckpoint[]> = {};
  const fitOn = async (trainer: NetworkTrainer, key: string, resume: NetworkCheckpoint | null = null) => {
    losses[key] = [];
    checkpoints[key] = [];
    let batch = 0;
    return fitNetworkOn(
      plan,
      trainer,
      {
        onEpoch: (_, train, validation) => losses[key]!.push([train, validation ?? 0]),
        checkpointDue: () => ++batch === 3,
        onCheckpoint: (checkpoint) => checkpoints[key]!.push(checkpoint),
        // Numbers as learned, before those of the best epoch take their place.
        onFinished: () => ends.set(key, copies(learned(trainer))),
      },
      resume,
    );
  };
  const ends = new Map<string, Float32Array[]>();
  const onCpu = await fitOn(cpu, 'cpu');
  const onGpu = await fitOn(gpu, 'gpu');
  // A device that goes on from a checkpoint takes up all of it, whatever it has learned before.
  if (name === RESUMED_CASE) {
    await fitOn(gpu, 'gpuFromGpu', checkpoints['gpu']![0]!);
    await fitOn(gpu, 'gpuFromCpu', checkpoints['cpu']![0]!);
    await fitOn(createCpuTrainer(plan, cpuBackend()), 'cpuFromGpu', checkpoints['gpu']![0]!);
  }

  const apart = (one: string, two: string): number => {
    let [difference, change] = [0, 0];
    for (const [index, start] of before.entries())
      for (let at = 0; at < start.length; at++) {
        difference += (ends.get(one)![index]![at]! - ends.get(two)![index]![at]!) ** 2;
        change += (ends.get(two)![index]![at]! - start[at]!) ** 2;
      }
    return Math.sqrt(difference / change);
  };
  const test = { ...options.data, from: 300, to: 420 };
  const [one, two] = [predictNetwork(onCpu.model, test), predictNetwork(onGpu.model, test)];
  const spread = Math.max(...one) - Math.min(...one);
  process.stdout.write(
    `${JSON.stringify({
      name,
      apart: apart('gpu', 'cpu'),
      resumed:
        name === RESUMED_CASE
          ? {
              gpuFromGpu: apart('gpuFromGpu', 'gpu'),
              gpuFromCpu: apart('gpuFromCpu', 'cpu'),
              cpuFromGpu: apart('cpuFromGpu', 'cpu'),
            }
          : null,
      predictions: one.reduce((most, value, at) => Math.max(most, Math.abs(value - two[at]!)), 0) / spread,
      losses: [losses['cpu'], losses['gpu']],
    })}\n`,
  );
  device.destroy();
}
process.exit(0);
