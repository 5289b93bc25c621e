import { Worker } from 'node:worker_threads';
import { FalajError } from '../../shared/errors.ts';
import { entryPoint } from '../processes/index.ts';
import { DERIVED_KEY_BYTES, type Derivation, type DerivationRequest } from './key-derivation.ts';

/** Derives the wrapping key of a slot in a worker thread. `secret` is copied; the copy is zeroed. */
export function deriveWrappingKey(secret: Uint8Array, derivation: Derivation): Promise<Buffer> {
  const copy = Uint8Array.from(secret);
  const request: DerivationRequest = {
    secret: copy,
    salt: Uint8Array.from(Buffer.from(derivation.salt, 'hex')),
    memoryKib: derivation.memoryKib,
    iterations: derivation.iterations,
    parallelism: derivation.parallelism,
  };
  return new Promise((resolve, reject) => {
    const worker = new Worker(entryPoint('key-derivation'), {
      workerData: request,
      transferList: [copy.buffer],
      execArgv: [],
    });
    const failed = (cause: unknown) =>
      reject(
        new FalajError('OUT_OF_MEMORY', 'The key could not be derived from the passphrase.', {
          hint: `It needs ${Math.ceil(derivation.memoryKib / 1024)} MiB of free memory. Close other programs and try again.`,
          cause,
        }),
      );
    worker.once('message', (key: Uint8Array) => {
      const derived = Buffer.from(key);
      key.fill(0);
      if (derived.length === DERIVED_KEY_BYTES) resolve(derived);
      else failed(new Error(`The worker gave ${derived.length} bytes.`));
    });
    worker.once('error', failed);
    worker.once('exit', (code) => failed(new Error(`The worker ended with ${code} before it gave a key.`)));
  });
}
