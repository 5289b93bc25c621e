import { randomUUID } from 'node:crypto';
import { withoutPassphrase } from './script-environment.ts';

const MOST_ENVIRONMENTS = 200;

/**
 * The variables of the shells that programs were started from. They may hold secrets: nobody writes them anywhere, and a later engine
 * does not know them.
 */
export class ShellEnvironments {
  readonly #kept = new Map<string, Readonly<Record<string, string>>>();

  /** The id under which they are known. */
  keep(environment: Readonly<Record<string, string>>): string {
    const id = randomUUID();
    this.#kept.set(id, withoutPassphrase(environment));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_ENVIRONMENTS) break;
      this.#kept.delete(oldest);
    }
    return id;
  }

  /** This engine's own where nothing is known under the id. */
  of(id: string | undefined): Readonly<Record<string, string>> {
    return (id === undefined ? undefined : this.#kept.get(id)) ?? withoutPassphrase(process.env);
  }
}
