import { ThreadTeam } from '../threads/index.ts';
import type { FitTask } from './fit-task.ts';
import { loadKernels } from './kernels.ts';
import { COMMAND, claimFeatures, ThreadWork } from './thread-work.ts';

/** What a helping thread runs: returns when the fit is over, at once when it comes too late. */
export function helpFit({ memory, plan }: FitTask, nowMicros: () => number): void {
  const { buffer } = memory;
  const kernels = loadKernels(memory, plan.features);
  const team = new ThreadTeam(buffer, plan.at.control, nowMicros);
  const thread = team.join();
  if (thread === null) return;
  try {
    claimFeatures(plan, kernels, buffer, team, thread);
    let generation = 0;
    let command = team.follow(generation++);
    if (command === COMMAND.end) return;
    // The team is closed by the first command, and only now is the share of each thread known.
    const work = new ThreadWork(plan, kernels, buffer, team, thread);
    for (; command !== COMMAND.end; command = team.follow(generation++)) {
      work.run(command);
      team.finish();
    }
  } catch (error) {
    team.fail();
    throw error;
  }
}
