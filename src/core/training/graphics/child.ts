import {
  cpuBackend,
  createCpuTrainer,
  createWebGpuTrainer,
  fitNetworkOn,
  type NetworkPlan,
  type NetworkTrainer,
  planNetwork,
} from '../../../numerics/network/index.ts';
import { FalajError, toFalajError } from '../../../shared/errors.ts';
import { adapterName, compareTrainers, type OpenedAdapter, openAdapter } from '../../graphics/index.ts';
import { readCheckpoint } from '../network-checkpoint.ts';
import { networkListener } from '../network-listener.ts';
import { networkOptions } from '../network-options.ts';
import { sharedFloats } from '../shared-floats.ts';
import type { LearnRequest } from '../worker-messages.ts';
import type { GraphicsReply, GraphicsRequest, GraphicsWork } from './messages.ts';

/**
 * The process that learns one network on a GPU: the only one, beside the probe of devices, into which a graphics driver is
 * loaded. It gets rows by messages, and touches no file.
 */
const acceptsSoftware = process.argv.includes('accept-software');

const reply = (message: GraphicsReply): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
/** Drivers are known to hang while they are taken down. */
const end = async (message: GraphicsReply): Promise<never> => {
  await reply(message);
  process.exit(0);
};
const refuse = (reason: string, forAll = false): Promise<never> => end({ kind: 'refused', reason, forAll });

const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;

async function learn(request: LearnRequest, work: GraphicsWork, adapter: OpenedAdapter): Promise<void> {
  const { learner } = request;
  if (learner.kind !== 'mlp')
    throw new FalajError('INTERNAL', `A ${learner.kind} learner has no use for a GPU.`);
  const kept = request.checkpoint === undefined ? null : readCheckpoint(request.checkpoint);
  const plan = planNetwork(networkOptions(request, learner));
  const gpu = await createWebGpuTrainer(plan, await adapter.openDevice());
  // Each trial of a search has a process of its own, whose start counts.
  const startMs = work === 'choose' ? performance.now() : null;
  if (work !== 'learn') await choose(plan, gpu, { name: adapterName(adapter.facts), startMs }, request);
  if (work === 'choose') return;
  const listener = networkListener(
    learner,
    kept,
    (epoch, of, metrics) => void reply({ kind: 'epoch', epoch, of, metrics }),
    {
      onCheckpoint: (bytes) => void reply({ kind: 'checkpoint', bytes }),
      onFinished: (bytes) => void reply({ kind: 'finished', bytes }),
    },
  );
  await fitNetworkOn(plan, gpu, listener, kept?.checkpoint ?? null);
}

/** Tells whether the GPU comes to the CPU's numbers, and sooner; where it does not, this process ends. */
async function choose(
  plan: NetworkPlan,
  gpu: NetworkTrainer,
  { name, startMs }: { readonly name: string; readonly startMs: number | null },
  { learner, threads }: LearnRequest,
): Promise<void> {
  const cpu = createCpuTrainer(plan, cpuBackend());
  const { agrees, difference, cpuMs, gpuMs } = await compareTrainers(plan, { cpu, gpu });
  if (!agrees)
    await refuse(
      `${name} comes to other weights than the CPU: they are ${difference.toExponential(1)} apart.`,
    );
  // No threads help here: as if they helped perfectly.
  const teamMs = cpuMs / threads;
  const steps = plan.options.epochs * plan.batches;
  const [onGpuMs, onCpuMs] = [(startMs ?? 0) + steps * gpuMs, steps * teamMs];
  const ofStep = `a step of this network took ${milliseconds(gpuMs)} on ${name}, ${milliseconds(teamMs)} on the CPU`;
  const ofTrial = `, and a trial of ${steps} steps, with the start of its process, ${milliseconds(onGpuMs)} and ${milliseconds(onCpuMs)}`;
  const figures = startMs === null ? ofStep : `${ofStep}${ofTrial}`;
  const isAskedFor = learner.kind === 'mlp' && learner.device === 'webgpu';
  if (!isAskedFor && onGpuMs >= onCpuMs) await refuse(`The CPU is faster: ${figures}.`);
  await reply({
    kind: 'chosen',
    reason: `Measured: ${figures}; weights agree to ${difference.toExponential(1)}.`,
  });
}

const opened = await openAdapter(acceptsSoftware);
if ('refused' in opened) await refuse(opened.refused, true);
else {
  let given: Extract<GraphicsRequest, { kind: 'task' }> | null = null;
  let columns = 0;
  let matrix = sharedFloats(0);
  process.on('message', (message: GraphicsRequest) => {
    if (message.kind === 'task') {
      given = message;
      matrix = sharedFloats(message.task.rows * message.task.featureNames.length);
    } else if (given !== null) matrix.set(message.values, columns++ * given.task.rows);
    if (given === null || columns < given.task.featureNames.length) return;
    const { task, work, labels, weights } = given;
    const shared = (values: Float32Array) => {
      const copy = sharedFloats(values.length);
      copy.set(values);
      return copy;
    };
    const request: LearnRequest = {
      ...task,
      matrix,
      labels: shared(labels),
      weights: weights === null ? null : shared(weights),
      baseline: new Float64Array(new SharedArrayBuffer(0)),
    };
    learn(request, work, opened)
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        const { code, message: text, hint } = toFalajError(error);
        void end({ kind: 'failed', error: { code, message: text, hint } });
      });
  });
  await reply({ kind: 'ready', adapter: adapterName(opened.facts) });
}
