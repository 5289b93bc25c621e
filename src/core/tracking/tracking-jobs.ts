import { z } from 'zod';
import { defineJob } from '../jobs/index.ts';
import type { TrackingRoom } from './tracking-room.ts';
import { exportRun } from './transfer/export-run.ts';
import { importMlruns } from './transfer/import-mlruns.ts';

const exportInput = z.object({ id: z.string().min(1).max(64), dir: z.string().min(1) });
const importInput = z.object({ dir: z.string().min(1) });

export const trackingJobs = (room: TrackingRoom) =>
  [
    defineJob({
      kind: 'runs.export',
      input: exportInput,
      title: (input: z.infer<typeof exportInput>) => `Export run ${input.id}`,
      subject: (input) => `/runs/${input.id}`,
      run: (context, input) => {
        room.recordExport(input);
        return exportRun(room, context, input);
      },
    }),
    defineJob({
      kind: 'runs.import',
      input: importInput,
      title: (input: z.infer<typeof importInput>) => `Import ${input.dir}`,
      subject: () => '/runs',
      run: (context, input) => importMlruns(room, context, input),
    }),
  ] as const;
