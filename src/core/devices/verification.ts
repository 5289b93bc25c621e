import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { isVisibleToCuda } from './environment-warnings.ts';
import type { FoundDevice } from './found-device.ts';
import { PROBE_TOLERANCE } from './probe-model.ts';
import { type ProbeResult, type ProbeRuntime, parseProbeOutput } from './probe-result.ts';
import { hasCudaCode } from './runtimes.ts';
import type { ProbeChild, SpawnProbe } from './surroundings.ts';

const TIME_LIMIT_MS = 30_000;
/** The first load of large libraries waits for the virus scanner there. */
const WINDOWS_TIME_LIMIT_MS = 90_000;
const MEMORY_LIMIT_BYTES = 4 * 2 ** 30;
const OUTPUT_LIMIT_CHARACTERS = 2 ** 20;

export interface Verification {
  readonly runtime: ProbeRuntime;
  /** `skipped`: not tried, for the reason given. */
  readonly outcome: 'verified' | 'failed' | 'absent' | 'skipped';
  readonly reason: string;
  readonly result: ProbeResult | null;
}

/** Variables by which graphics drivers find themselves and the display; nothing else of the person's goes along. */
const DRIVER_VARIABLES =
  /^(?:LD_LIBRARY_PATH|VK_\w+|XDG_RUNTIME_DIR|DISPLAY|WAYLAND_DISPLAY|CUDA_\w+|(?:HIP|ROCR)_VISIBLE_DEVICES|MESA_\w+|SystemRoot|PATH)$/i;

/** Environment of the child: the drivers' variables, and for CUDA only the one device. */
export function probeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  device: FoundDevice | null,
): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && DRIVER_VARIABLES.test(entry[0]),
  );
  const chosen: Record<string, string> = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
  if (device)
    chosen['CUDA_VISIBLE_DEVICES'] = /^(?:GPU|MIG)-/.test(device.id) ? device.id : String(device.index ?? 0);
  return { ...Object.fromEntries(kept), ...chosen };
}

/** Short number for a person: `0.31` or `4e-7`. */
const figure = (value: number): string =>
  value !== 0 && value < 0.01 ? value.toExponential(0) : value.toFixed(2);

/** What a result that ran is worth. */
export function judgeResult(result: ProbeResult): {
  readonly outcome: 'verified' | 'failed';
  readonly reason: string;
} {
  const { difference, timeMs, cpuTimeMs } = result;
  if (difference === null || difference > PROBE_TOLERANCE) {
    const by =
      difference === null
        ? 'gave values that are not numbers'
        : `differs from the CPU by ${figure(difference)}`;
    const what = result.runtime === 'dawn' ? 'A step of a network' : 'The product of two 256×256 matrices';
    return { outcome: 'failed', reason: `${what} ${by}.` };
  }
  const beside =
    result.runtime === 'cpu' || cpuTimeMs === null ? '' : `, one CPU thread ${figure(cpuTimeMs)} ms`;
  if (result.runtime === 'dawn')
    return {
      outcome: 'verified',
      reason: `Learned a step of a network on ${result.adapter ?? 'an adapter'} in ${figure(timeMs ?? 0)} ms${beside}; largest difference ${figure(difference)}.`,
    };
  return {
    outcome: 'verified',
    reason: `Computed a 256×256 product with ${result.runtime} in ${figure(timeMs ?? 0)} ms${beside}; largest difference ${figure(difference)}.`,
  };
}

/** Why a runtime would not start, in words; the libraries' own text only where nothing better is known. */
export function explainFailure(message: string, stderr: string): string {
  const told = stripVTControlCharacters(stderr);
  const missing = /(?:^|[\s/])([\w.+-]+\.(?:so(?:\.\d+)*|dll|dylib)): cannot open shared object file/.exec(
    told,
  )?.[1];
  // ONNX Runtime's words, and ours of Dawn.
  if (/RequestAdapterStatus::Success was false|^There is no graphics adapter/.test(message)) {
    return missing
      ? `No graphics adapter: ${missing} is not installed.`
      : 'No graphics adapter with a working driver.';
  }
  if (/Failed to load (?:shared )?library/i.test(message)) {
    return `The runtime's files are not installed${missing ? `: ${missing} is missing` : ''}.`;
  }
  // ONNX Runtime puts its own source file and function before the sentence.
  const plain = message.replace(/^\/onnxruntime_src\/\S+ .*?\)>?(?: |$)/s, '').trim() || message.trim();
  const telling = told.split(/\r?\n/).findLast((line) => /cannot open|error|driver|CUDA|Vulkan/i.test(line));
  return [plain.slice(0, 400), telling?.trim().slice(-200)].filter(Boolean).join(' — ');
}

/** Gathers what a child prints; a pipe that breaks because the child was killed is an end like any other. */
function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length < OUTPUT_LIMIT_CHARACTERS) text += chunk;
  });
  return () => text;
}

/** Runs probe children, one for each (device, runtime). */
export class Verifier {
  readonly #spawn: SpawnProbe;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #timeLimitMs: number;

  constructor(options: {
    readonly spawn: SpawnProbe;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly platform: NodeJS.Platform;
    readonly timeLimitMs?: number;
  }) {
    this.#spawn = options.spawn;
    this.#environment = options.environment;
    this.#timeLimitMs =
      options.timeLimitMs ?? (options.platform === 'win32' ? WINDOWS_TIME_LIMIT_MS : TIME_LIMIT_MS);
  }

  /** Tries one runtime, on one device where the runtime can be told which. Never throws but for `signal`. */
  async verify(
    runtime: ProbeRuntime,
    device: FoundDevice | null,
    signal: AbortSignal,
  ): Promise<Verification> {
    signal.throwIfAborted();
    if (device?.split) return this.#skip(runtime, 'Split into slices: a slice is used, never the whole.');
    if (runtime === 'cuda' && device && !isVisibleToCuda(this.#environment, device)) {
      return this.#skip(runtime, 'Hidden by CUDA_VISIBLE_DEVICES.');
    }
    const child = this.#spawn({
      entry: 'device-probe',
      args: [runtime],
      memoryLimitBytes: MEMORY_LIMIT_BYTES,
      timeLimitMs: this.#timeLimitMs,
      signal,
      environment: probeEnvironment(this.#environment, device),
    });
    const output = collect(child.stdout);
    const exit = await child.exited;
    signal.throwIfAborted();
    return this.#judge(runtime, device, output(), exit, child);
  }

  #skip(runtime: ProbeRuntime, reason: string): Verification {
    return { runtime, outcome: 'skipped', reason, result: null };
  }

  #judge(
    runtime: ProbeRuntime,
    device: FoundDevice | null,
    output: string,
    exit: Awaited<ProbeChild['exited']>,
    child: ProbeChild,
  ): Verification {
    const failed = (reason: string): Verification => ({ runtime, outcome: 'failed', reason, result: null });
    if (exit.killedFor === 'time')
      return failed(`No answer in ${this.#timeLimitMs / 1000} s: the driver hangs.`);
    if (exit.killedFor === 'memory') return failed('The trial took more than 4 GiB and was ended.');
    const result = parseProbeOutput(output);
    // A driver that dies after the result was printed would die in real work too.
    if (exit.code !== 0) {
      const told = explainFailure('', child.stderrTail());
      return failed(`The trial process died (${exit.signal ?? `exit ${exit.code}`}). ${told}`.trim());
    }
    if (result === null || result.runtime !== runtime)
      return failed('The trial process printed no usable result.');
    if (result.outcome === 'absent') return { runtime, outcome: 'absent', reason: result.message, result };
    if (result.outcome === 'failed') {
      const noCode =
        runtime === 'cuda' && !hasCudaCode(device?.computeCapability ?? null)
          ? ` The provider has no code for compute capability ${device?.computeCapability}.`
          : '';
      return { ...failed(explainFailure(result.message, child.stderrTail()) + noCode), result };
    }
    return { runtime, ...judgeResult(result), result };
  }
}
