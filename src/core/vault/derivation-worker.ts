import { parentPort, workerData } from 'node:worker_threads';
import { argon2id } from 'hash-wasm';
import { DERIVED_KEY_BYTES, type DerivationRequest } from './key-derivation.ts';

// Argon2 occupies a thread for the whole of its time, hence a worker. It derives one key and ends.
const request = workerData as DerivationRequest;
const key = await argon2id({
  password: request.secret,
  salt: request.salt,
  memorySize: request.memoryKib,
  iterations: request.iterations,
  parallelism: request.parallelism,
  hashLength: DERIVED_KEY_BYTES,
  outputType: 'binary',
});
request.secret.fill(0);
parentPort?.postMessage(key);
