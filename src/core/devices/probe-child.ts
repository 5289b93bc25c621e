import { basename } from 'node:path';
import { InferenceSession, type InferenceSession as Session, Tensor } from 'onnxruntime-node';
import { adapterName, learnProbeNetwork, openAdapter } from '../graphics/index.ts';
import {
  buildProbeModel,
  largestRelativeDifference,
  PROBE_SIZE,
  probeMatrix,
  referenceProduct,
} from './probe-model.ts';
import { formatProbeResult, PROBE_RUNTIMES, type ProbeResult, type ProbeRuntime } from './probe-result.ts';

const TIMED_RUNS = 5;

const shape = [PROBE_SIZE, PROBE_SIZE] as const;
const left = probeMatrix(1);
const right = probeMatrix(2);

/** Runs once to warm up, then takes the median of a few runs. */
async function measure(
  product: () => Promise<ArrayLike<number>>,
): Promise<{ values: ArrayLike<number>; timeMs: number }> {
  const values = await product();
  const times: number[] = [];
  for (let run = 0; run < TIMED_RUNS; run++) {
    const start = performance.now();
    await product();
    times.push(performance.now() - start);
  }
  return { values, timeMs: times.sort((one, other) => one - other)[TIMED_RUNS >> 1]! };
}

async function measureProvider(provider: string): Promise<{ values: ArrayLike<number>; timeMs: number }> {
  const options: Session.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Without this a provider that takes no node leaves all of them to the CPU, and would be called verified.
    ...(provider === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  };
  const session = await InferenceSession.create(buildProbeModel(), options);
  return measure(async () => {
    const outputs = await session.run({
      left: new Tensor('float32', left, [...shape]),
      right: new Tensor('float32', right, [...shape]),
    });
    return (await outputs['product']!.getData()) as Float32Array;
  });
}

/** The part of tfjs that the probe uses; the package is an optional peer, so its types are not here. */
interface TensorFlow {
  tensor2d(values: Float32Array, shape: readonly [number, number]): unknown;
  matMul(left: unknown, right: unknown): { data(): Promise<ArrayLike<number>>; dispose(): void };
}

async function measureTensorFlow(): Promise<{ values: ArrayLike<number>; timeMs: number } | null> {
  const name = '@tensorflow/tfjs-node-gpu';
  let tensorFlow: TensorFlow;
  try {
    tensorFlow = (await import(name)) as TensorFlow;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
  const [one, other] = [tensorFlow.tensor2d(left, shape), tensorFlow.tensor2d(right, shape)];
  return measure(async () => {
    const product = tensorFlow.matMul(one, other);
    const values = await product.data();
    product.dispose();
    return values;
  });
}

/** A network's step through Dawn beside the CPU's, which trainings of networks use. */
async function probeDawn(): Promise<Omit<ProbeResult, 'probe'>> {
  const adapter = await openAdapter();
  if ('refused' in adapter) throw new Error(adapter.refused);
  const { difference, cpuMs, gpuMs } = await learnProbeNetwork(adapter);
  return {
    runtime: 'dawn',
    outcome: 'ran',
    message: '',
    adapter: adapterName(adapter.facts),
    timeMs: Number.isFinite(gpuMs) ? gpuMs : null,
    cpuTimeMs: cpuMs,
    difference: Number.isFinite(difference) ? difference : null,
    libraries: loadedLibraries(),
  };
}

/** Base names of the shared libraries in this process, from Node's diagnostic report. */
function loadedLibraries(): string[] {
  // Otherwise the report looks up names of open connections. Known to Node 22 and later, not yet to its types.
  Object.assign(process.report, { excludeNetwork: true });
  const report: unknown = process.report.getReport();
  const objects =
    typeof report === 'object' && report !== null && 'sharedObjects' in report ? report.sharedObjects : [];
  return Array.isArray(objects) ? objects.map((path) => basename(String(path).replaceAll('\\', '/'))) : [];
}

async function probe(runtime: ProbeRuntime): Promise<Omit<ProbeResult, 'probe'>> {
  const nothing = { runtime, timeMs: null, cpuTimeMs: null, difference: null };
  try {
    if (runtime === 'dawn') return await probeDawn();
    const measured = runtime === 'tfjs-node-gpu' ? await measureTensorFlow() : await measureProvider(runtime);
    if (measured === null) {
      return { ...nothing, outcome: 'absent', message: 'The package is not installed.', libraries: [] };
    }
    const libraries = loadedLibraries();
    const difference = largestRelativeDifference(measured.values, referenceProduct(left, right));
    const cpuTimeMs = runtime === 'cpu' ? measured.timeMs : (await measureProvider('cpu')).timeMs;
    return {
      runtime,
      outcome: 'ran',
      message: '',
      timeMs: measured.timeMs,
      cpuTimeMs,
      difference: Number.isFinite(difference) ? difference : null,
      libraries,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...nothing, outcome: 'failed', message, libraries: loadedLibraries() };
  }
}

const runtime = PROBE_RUNTIMES.find((known) => known === process.argv[2]);
const line = runtime ? formatProbeResult(await probe(runtime)) : `Unknown runtime: ${process.argv[2]}\n`;
// Drivers are known to hang while they are taken down: the result is out, so the process ends at once.
process.stdout.write(line, () => process.exit(runtime ? 0 : 2));
