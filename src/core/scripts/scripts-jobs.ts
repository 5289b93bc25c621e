import { z } from 'zod';
import { scriptInput } from '../../shared/contract/scripts.ts';
import { defineJob } from '../jobs/index.ts';
import { canHaltProcesses } from '../processes/index.ts';
import type { ScriptRoom } from './script-room.ts';

const jobInput = scriptInput
  .omit({ environment: true, schedule: true })
  .extend({ environmentId: z.string() });

export const scriptsJobs = (room: ScriptRoom) => [
  defineJob({
    kind: 'scripts.run',
    lane: 'script',
    // Its environment is not kept.
    endsWithEngine: true,
    halts: canHaltProcesses,
    startsProgram: () => true,
    input: jobInput,
    title: ({ command }: z.output<typeof jobInput>) => `Run ${command.join(' ').slice(0, 120)}`,
    subject: () => '/runs',
    needs: ({ cpus, gpus, gpuMemoryBytes, memoryBytes }) => ({
      cpus: cpus ?? 1,
      memoryBytes: memoryBytes ?? null,
      gpus: gpus ?? 0,
      gpuMemoryBytes: gpuMemoryBytes ?? null,
    }),
    run: (context, input) => room.run(context, input),
  }),
];
