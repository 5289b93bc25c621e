import { randomUUID } from 'node:crypto';
import { FalajError } from '../../../shared/errors.ts';
import type { ImportInput, ImportJobInput } from './import-input.ts';

/** As many as anybody retries. */
const MOST_HELD = 100;

/**
 * Authorization headers for as long as the engine runs: a job's input, which is kept, names one and does not hold it.
 */
export class HeldCredentials {
  readonly #held = new Map<string, string>();

  /** An import as its job keeps it. */
  withhold(input: ImportInput): ImportJobInput {
    if (input.from !== 'mlflow-server') return input;
    const { from, url, authorization } = input;
    return { from, url, credentials: authorization === null ? null : this.#hold(authorization) };
  }

  #hold(authorization: string): string {
    const name = randomUUID();
    this.#held.set(name, authorization);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MOST_HELD && oldest !== undefined) this.#held.delete(oldest);
    return name;
  }

  /** @throws FalajError CREDENTIALS_REFUSED for one that is gone with its engine. */
  get(name: string): string {
    const authorization = this.#held.get(name);
    if (authorization !== undefined) return authorization;
    throw new FalajError('CREDENTIALS_REFUSED', 'The credentials of this import were not kept.', {
      hint: 'Start the import once more: it takes only what is new.',
    });
  }
}
