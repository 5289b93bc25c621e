import { FalajError } from '../../../shared/errors.ts';

/** Of the WebGPU standard, whose objects a process without a browser does not have. */
const USAGE = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 } as const;
const MAP_READ = 1;

/** Numbers that come home: from byte `from` of a buffer, as many as the target has. */
export interface HomeComing {
  readonly buffer: GPUBuffer;
  readonly from: number;
  readonly target: Float32Array;
}

/** Buffers of one device. What goes wrong there is kept, and thrown at the next wait. */
export class GpuMemory {
  readonly device: GPUDevice;
  #failure: FalajError | null = null;
  #landing: GPUBuffer | null = null;

  constructor(device: GPUDevice) {
    this.device = device;
    device.addEventListener('uncapturederror', (event) => {
      this.#failure ??= failureOf((event as GPUUncapturedErrorEvent).error.message);
    });
    void device.lost.then(({ message }) => {
      this.#failure ??= failureOf(message);
    });
  }

  storage(bytes: number): GPUBuffer {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const size = Math.max(16, Math.ceil(bytes / 4) * 4);
    if (size > Math.min(maxBufferSize, maxStorageBufferBindingSize)) {
      throw outOfMemory(`A buffer of ${Math.ceil(size / 2 ** 20)} MiB is more than it gives to one.`);
    }
    return this.device.createBuffer({ size, usage: USAGE.storage | USAGE.copySource | USAGE.copyTarget });
  }

  filled(values: Float32Array | Uint32Array): GPUBuffer {
    const buffer = this.storage(values.byteLength);
    this.write(buffer, values);
    return buffer;
  }

  uniform(bytes: Uint8Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.device.createBuffer({
      size: bytes.byteLength,
      usage: USAGE.uniform | USAGE.copyTarget,
    });
    this.device.queue.writeBuffer(buffer, 0, bytes);
    return buffer;
  }

  /** Shared memory is copied first: the standard takes none. */
  write(buffer: GPUBuffer, values: Float32Array | Uint32Array | Uint8Array, at = 0): void {
    const own = values.buffer instanceof ArrayBuffer ? values : values.slice();
    this.device.queue.writeBuffer(buffer, at, own as typeof own & ArrayBufferView<ArrayBuffer>);
  }

  /** @throws OUT_OF_MEMORY or DEVICE_UNAVAILABLE for whatever has gone wrong since the beginning. */
  async read(parts: readonly HomeComing[]): Promise<void> {
    const size = parts.reduce((sum, { target }) => sum + target.byteLength, 0);
    try {
      if (this.#landing === null || this.#landing.size < size) {
        this.#landing?.destroy();
        this.#landing = this.device.createBuffer({ size, usage: USAGE.mapRead | USAGE.copyTarget });
      }
      const encoder = this.device.createCommandEncoder();
      let at = 0;
      for (const { buffer, from, target } of parts) {
        encoder.copyBufferToBuffer(buffer, from, this.#landing, at, target.byteLength);
        at += target.byteLength;
      }
      this.device.queue.submit([encoder.finish()]);
      await this.#landing.mapAsync(MAP_READ, 0, size);
      this.#throwFailure();
      const bytes = this.#landing.getMappedRange(0, size);
      at = 0;
      for (const { target } of parts) {
        target.set(new Float32Array(bytes, at, target.length));
        at += target.byteLength;
      }
      this.#landing.unmap();
    } catch (error) {
      throw this.#failure ?? (error instanceof FalajError ? error : failureOf(messageOf(error)));
    }
  }

  /** Resolves when everything so far is computed. */
  async caughtUp(): Promise<void> {
    await this.device.queue.onSubmittedWorkDone();
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const outOfMemory = (message: string): FalajError =>
  new FalajError('OUT_OF_MEMORY', `The GPU has not enough memory for the network. ${message}`, {
    hint: 'Use smaller layers, embeddings or batches, or learn on the CPU.',
  });

const failureOf = (message: string): FalajError =>
  /out.?of.?memory/i.test(message)
    ? outOfMemory(message)
    : new FalajError('DEVICE_UNAVAILABLE', `The GPU stopped working: ${message}`, {
        hint: 'Learn on the CPU, or start again: a checkpoint is gone on from.',
      });
