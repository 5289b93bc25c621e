import os from 'node:os';
import type { TensorSpec } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/units.ts';
import { type ChildExit, residentBytes, spawnIsolated } from '../processes/index.ts';
import {
  type InferenceDevice,
  type SessionReply,
  type SessionRequest,
  sessionReply,
} from './session-messages.ts';
import type { WireTensor } from './tensor.ts';

export interface InferenceSessionOptions {
  /** ONNX bytes; external data is never followed. */
  readonly model: Uint8Array;
  readonly device?: InferenceDevice;
  /** Threads inside one operator; the CPUs this process may use unless said. */
  readonly threads?: number;
  /** Resident memory above which the process is killed. */
  readonly memoryLimitBytes?: number;
  /** Wall clock for opening the model, and for each batch. */
  readonly timeLimitMs?: number;
  readonly signal?: AbortSignal;
}

export interface BatchResult {
  readonly outputs: Readonly<Record<string, WireTensor>>;
  /** Inside ONNX Runtime alone, without the way there and back. */
  readonly elapsedMs: number;
}

export interface InferenceSession {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly pid: number;
  /** Version of ONNX Runtime. */
  readonly runtime: string;
  /** Batches are answered in the order they were asked. */
  run(feeds: Readonly<Record<string, WireTensor>>): Promise<BatchResult>;
  residentBytes(): Promise<number | null>;
  close(): Promise<void>;
}

const DEFAULT_MEMORY_LIMIT_BYTES = 3 * 2 ** 30;
const DEFAULT_TIME_LIMIT_MS = 120_000;

interface Waiting {
  readonly resolve: (reply: SessionReply) => void;
  readonly reject: (error: FalajError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Opens a model in a process of its own. A model that does not load, a device that is not there, a crash, a memory or
 * time limit: each ends in one error with the child's own last words, and never reaches the engine.
 */
export async function openInferenceSession(options: InferenceSessionOptions): Promise<InferenceSession> {
  const device = options.device ?? 'cpu';
  const memoryLimitBytes = options.memoryLimitBytes ?? DEFAULT_MEMORY_LIMIT_BYTES;
  const timeLimitMs = options.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS;
  if (options.signal?.aborted) throw new FalajError('CANCELLED', 'The work was stopped.');
  const child = spawnIsolated({
    entry: 'inference-session',
    memoryLimitBytes,
    ...(options.signal ? { signal: options.signal } : {}),
  });

  const waiting = new Map<number, Waiting>();
  let closing = false;
  let ended: FalajError | null = null;
  let timedOut = false;

  const expect = (id: number): Promise<SessionReply> =>
    new Promise((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      const timer = setTimeout(() => {
        timedOut = true;
        child.kill();
      }, timeLimitMs);
      waiting.set(id, { resolve, reject, timer });
    });

  child.onMessage((message) => {
    const parsed = sessionReply.safeParse(message);
    if (!parsed.success) {
      child.kill();
      return;
    }
    const id = 'id' in parsed.data ? parsed.data.id : parsed.data.kind === 'ready' ? READY : OPENED;
    const entry = waiting.get(id);
    if (!entry) return;
    waiting.delete(id);
    clearTimeout(entry.timer);
    entry.resolve(parsed.data);
  });

  const exited = child.exited.then((exit) => {
    ended = exitError(exit, { timedOut, timeLimitMs, memoryLimitBytes, stderr: child.stderrTail() });
    for (const entry of waiting.values()) {
      clearTimeout(entry.timer);
      entry.reject(ended);
    }
    waiting.clear();
  });

  const ask = (id: number, request: SessionRequest): Promise<SessionReply> => {
    const answer = expect(id);
    child.send(request);
    return answer;
  };

  const ready = await expect(READY);
  const opened = await ask(OPENED, {
    kind: 'open',
    model: options.model,
    threads: options.threads ?? os.availableParallelism(),
    device,
  });
  if (opened.kind !== 'opened') {
    const message = opened.kind === 'refused' ? opened.message : 'The model could not be opened.';
    child.kill();
    await exited;
    throw refusal(device, message, child.stderrTail());
  }

  let nextId = 1;
  return {
    inputs: opened.inputs,
    outputs: opened.outputs,
    pid: child.pid,
    runtime: ready.kind === 'ready' ? ready.runtime : '',
    run: async (feeds) => {
      const answer = await ask(nextId++, { kind: 'run', id: nextId - 1, feeds });
      if (answer.kind === 'result') return { outputs: answer.outputs, elapsedMs: answer.elapsedMs };
      throw new FalajError(
        'CHILD_FAILED',
        `The model could not score a batch: ${answer.kind === 'failed' ? answer.message : answer.kind}.`,
        {
          hint: 'Check that the columns have the types the model was trained with.',
        },
      );
    },
    residentBytes: () => residentBytes(child.pid),
    close: async () => {
      if (closing) return exited;
      closing = true;
      child.kill();
      await exited;
    },
  };
}

const READY = -1;
const OPENED = 0;

function refusal(device: InferenceDevice, message: string, stderr: string): FalajError {
  if (device === 'cpu') {
    return new FalajError('CHILD_FAILED', `ONNX Runtime refused the model: ${message}`, {
      details: { stderr: lastLines(stderr) },
    });
  }
  return new FalajError(
    'DEVICE_UNAVAILABLE',
    `The model cannot run on ${device}: ${lastLines(stderr) || message}`,
    {
      hint: 'Run it with --device cpu, or see `falaj devices --verify`.',
      details: { device },
    },
  );
}

function exitError(
  exit: ChildExit,
  facts: { timedOut: boolean; timeLimitMs: number; memoryLimitBytes: number; stderr: string },
): FalajError {
  if (facts.timedOut) {
    return new FalajError(
      'TIMED_OUT',
      `The model did not answer within ${facts.timeLimitMs} ms and was stopped.`,
      {
        hint: 'Score smaller batches with --batch.',
      },
    );
  }
  if (exit.killedFor === 'memory') {
    return new FalajError(
      'OUT_OF_MEMORY',
      `The model needed more than ${formatBytes(facts.memoryLimitBytes)} and was stopped.`,
      {
        hint: 'Score smaller batches with --batch.',
      },
    );
  }
  if (exit.killedFor === 'cancel') return new FalajError('CANCELLED', 'The work was stopped.');
  return new FalajError(
    'CHILD_FAILED',
    `The model's process ended by itself (${exit.signal ?? `code ${exit.code}`}).`,
    {
      hint: 'The engine is unharmed. The last words of the process are in the details.',
      details: { stderr: lastLines(facts.stderr) },
    },
  );
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-12).join('\n');
