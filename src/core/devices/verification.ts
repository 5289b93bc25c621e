import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { DeviceMessage } from '../../shared/contract/types.ts';
import { deviceMessage, englishText, quoted } from './device-messages.ts';
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
  /** The same, with its values. */
  readonly messages: readonly DeviceMessage[];
  readonly result: ProbeResult | null;
}

const explained = (...messages: readonly DeviceMessage[]): Pick<Verification, 'reason' | 'messages'> => ({
  reason: englishText(messages),
  messages,
});

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
function judgeResult(result: ProbeResult): {
  readonly outcome: 'verified' | 'failed';
  readonly message: DeviceMessage;
} {
  const { runtime, adapter, difference, timeMs, cpuTimeMs } = result;
  const isStep = runtime === 'dawn';
  if (difference === null)
    return { outcome: 'failed', message: deviceMessage(isStep ? 'stepNoNumbers' : 'productNoNumbers') };
  if (difference > PROBE_TOLERANCE) {
    const values = { difference: figure(difference) };
    return { outcome: 'failed', message: deviceMessage(isStep ? 'stepDiffers' : 'productDiffers', values) };
  }
  const isBeside = runtime !== 'cpu' && cpuTimeMs !== null;
  const values = {
    ...(isStep ? { adapter: adapter ?? 'WebGPU' } : { runtime }),
    timeMs: figure(timeMs ?? 0),
    ...(isBeside ? { cpuTimeMs: figure(cpuTimeMs) } : {}),
    difference: figure(difference),
  };
  const [alone, beside] = isStep
    ? (['stepLearned', 'stepLearnedBeside'] as const)
    : (['productComputed', 'productComputedBeside'] as const);
  return { outcome: 'verified', message: deviceMessage(isBeside ? beside : alone, values) };
}

/** Why a runtime would not start, in words; the libraries' own text only where nothing better is known. */
export function explainFailure(message: string, stderr: string): DeviceMessage {
  const told = stripVTControlCharacters(stderr);
  const library = /(?:^|[\s/])([\w.+-]+\.(?:so(?:\.\d+)*|dll|dylib)): cannot open shared object file/.exec(
    told,
  )?.[1];
  // ONNX Runtime's words, and ours of Dawn.
  if (/RequestAdapterStatus::Success was false|^There is no graphics adapter/.test(message))
    return library ? deviceMessage('noAdapterLibrary', { library }) : deviceMessage('noAdapter');
  if (/Failed to load (?:shared )?library/i.test(message))
    return library ? deviceMessage('runtimeLibraryMissing', { library }) : deviceMessage('runtimeMissing');
  // ONNX Runtime puts its own source file and function before the sentence.
  const plain = message.replace(/^\/onnxruntime_src\/\S+ .*?\)>?(?: |$)/s, '').trim() || message.trim();
  const telling = told.split(/\r?\n/).findLast((line) => /cannot open|error|driver|CUDA|Vulkan/i.test(line));
  return quoted([plain.slice(0, 400), telling?.trim().slice(-200)].filter(Boolean).join(' — '));
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
    if (device?.split) return this.#skip(runtime, deviceMessage('split'));
    if (runtime === 'cuda' && device && !isVisibleToCuda(this.#environment, device)) {
      return this.#skip(runtime, deviceMessage('hidden', { variable: 'CUDA_VISIBLE_DEVICES' }));
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

  #skip(runtime: ProbeRuntime, message: DeviceMessage): Verification {
    return { runtime, outcome: 'skipped', ...explained(message), result: null };
  }

  #judge(
    runtime: ProbeRuntime,
    device: FoundDevice | null,
    output: string,
    exit: Awaited<ProbeChild['exited']>,
    child: ProbeChild,
  ): Verification {
    const failed = (...messages: readonly DeviceMessage[]): Verification => ({
      runtime,
      outcome: 'failed',
      ...explained(...messages),
      result: null,
    });
    if (exit.killedFor === 'time')
      return failed(deviceMessage('trialHung', { seconds: this.#timeLimitMs / 1000 }));
    if (exit.killedFor === 'memory')
      return failed(deviceMessage('trialTooLarge', { gibibytes: MEMORY_LIMIT_BYTES / 2 ** 30 }));
    const result = parseProbeOutput(output);
    // A driver that dies after the result was printed would die in real work too.
    if (exit.code !== 0) {
      const told = explainFailure('', child.stderrTail());
      const died = deviceMessage('trialDied', { end: exit.signal ?? `exit ${exit.code}` });
      return failed(died, ...(told.text === '' ? [] : [told]));
    }
    if (result === null || result.runtime !== runtime) return failed(deviceMessage('trialUnreadable'));
    if (result.outcome === 'absent')
      return { runtime, outcome: 'absent', ...explained(deviceMessage('packageMissing')), result };
    if (result.outcome === 'failed') {
      const capability = device?.computeCapability ?? null;
      const noCode =
        runtime === 'cuda' && capability !== null && !hasCudaCode(capability)
          ? [deviceMessage('noProviderCode', { capability })]
          : [];
      return { ...failed(explainFailure(result.message, child.stderrTail()), ...noCode), result };
    }
    const { outcome, message } = judgeResult(result);
    return { runtime, outcome, ...explained(message), result };
  }
}
