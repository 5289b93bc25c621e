import type { FitPlan } from './fit-plan.ts';

/** What a helping thread is given. Everything large lies in the shared memory. */
export interface FitTask {
  readonly memory: WebAssembly.Memory;
  readonly plan: FitPlan;
}
