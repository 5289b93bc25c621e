import type { JobNeeds } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { JobKind, JobLane } from './job-kind.ts';

/** The sorts of long work that rooms have declared, by name. */
export class JobKinds {
  readonly #kinds = new Map<string, JobKind<unknown, unknown>>();
  readonly #machine: { readonly cpus: number; readonly memoryBytes: number };

  /** @param machine what programs of people share. */
  constructor(machine: { readonly cpus: number; readonly memoryBytes: number }) {
    this.#machine = machine;
  }

  add<Input, Result>(kind: JobKind<Input, Result>): void {
    // The input is parsed by the kind's own schema before `run`, so forgetting its type here is safe.
    this.#kinds.set(kind.kind, kind as JobKind<unknown, unknown>);
  }

  /** @throws NOT_FOUND. */
  get(name: string): JobKind<unknown, unknown> {
    const kind = this.#kinds.get(name);
    if (kind === undefined) throw new FalajError('NOT_FOUND', `There is no kind of job called "${name}".`);
    return kind;
  }

  laneOf({ kind, needs }: { readonly kind: string; readonly needs: JobNeeds | null }): JobLane {
    return needs === null ? (this.get(kind).lane ?? 'engine') : 'script';
  }

  /** Whether work of this kind means anything to a later engine; what nobody declares any more does not. */
  outlivesEngine(name: string): boolean {
    const kind = this.#kinds.get(name);
    return kind !== undefined && kind.endsWithEngine !== true;
  }

  /** No more than the machine has: work that wants more than that has it alone. Null for what takes a place of its lane only. */
  needsOf(kind: JobKind<unknown, unknown>, input: unknown): JobNeeds | null {
    const { cpus, memoryBytes } = this.#machine;
    const alone = { cpus: 1, memoryBytes: null, gpus: 0, gpuMemoryBytes: null };
    const needs = kind.needs?.(input) ?? (kind.lane === 'script' ? alone : null);
    if (needs === null) return null;
    return {
      ...needs,
      cpus: Math.min(needs.cpus, cpus),
      memoryBytes: needs.memoryBytes === null ? null : Math.min(needs.memoryBytes, memoryBytes),
    };
  }
}
