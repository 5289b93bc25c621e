import { close, constants, open, read } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DeviceMessage } from '../../../shared/contract/types.ts';
import { deviceMessage } from '../device-messages.ts';
import { readText } from '../fact-files.ts';
import type { Surroundings } from '../surroundings.ts';
import { type KernelMessage, parseKmsgRecord } from './kernel-events.ts';

const openFile = promisify(open);
const readFile = promisify(read);

/** The kernel gives one record a call and refuses a buffer that is too small for it. */
const BUFFER_BYTES = 16_384;
/** A turn takes no more; the next goes on from there. */
const MOST_READS = 20_000;

/** /dev/kmsg from its oldest record on, without ever waiting for one. */
export class KmsgReader {
  readonly #around: Surroundings;
  readonly #file: string;
  readonly #buffer = Buffer.alloc(BUFFER_BYTES);
  #descriptor: number | null = null;
  #rest = '';
  /** Of the newest record: a file that is opened anew begins with the oldest. */
  #sequence = -1;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#file = join(around.devRoot, 'kmsg');
  }

  /** The records since the last time; the reason when they cannot be read. */
  async read(): Promise<
    { readonly messages: readonly KernelMessage[] } | { readonly refusal: DeviceMessage }
  > {
    try {
      // A plain number, not a FileHandle: that would be closed with a warning when it is forgotten.
      this.#descriptor ??= await openFile(this.#file, constants.O_RDONLY | constants.O_NONBLOCK);
      const startedAtMs = await this.#startedAtMs();
      const text = this.#rest + (await this.#readText(this.#descriptor));
      const lines = text.split('\n');
      this.#rest = lines.pop() ?? '';
      const messages = lines
        .flatMap((line) => parseKmsgRecord(line, startedAtMs) ?? [])
        .filter(({ sequence }) => sequence > this.#sequence);
      this.#sequence = messages.at(-1)?.sequence ?? this.#sequence;
      return { messages };
    } catch (error) {
      this.close();
      return { refusal: deviceMessage('fileUnreadable', { file: this.#file, error: codeOf(error) }) };
    }
  }

  close(): void {
    if (this.#descriptor !== null) close(this.#descriptor);
    this.#descriptor = null;
    this.#rest = '';
  }

  async #readText(descriptor: number): Promise<string> {
    const parts: string[] = [];
    for (let reads = 0; reads < MOST_READS; reads++) {
      try {
        const { bytesRead } = await readFile(descriptor, this.#buffer, 0, BUFFER_BYTES, null);
        if (bytesRead === 0) break;
        parts.push(this.#buffer.toString('utf8', 0, bytesRead));
      } catch (error) {
        // EAGAIN: nothing more now. EPIPE: records were overwritten before we came; the next call goes on behind them.
        if (codeOf(error) === 'EAGAIN') break;
        if (codeOf(error) !== 'EPIPE') throw error;
      }
    }
    return parts.join('');
  }

  /** The kernel counts from its start and leaves out sleep, so that times are right to a little, or to the last sleep. */
  async #startedAtMs(): Promise<number> {
    const seconds = Number((await readText(join(this.#around.procRoot, 'uptime')))?.split(' ')[0]);
    return this.#around.clock() - (Number.isFinite(seconds) ? seconds * 1_000 : 0);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
