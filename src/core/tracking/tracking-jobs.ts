import { z } from 'zod';
import { importRunsInput } from '../../shared/contract/runs.ts';
import { defineJob } from '../jobs/index.ts';
import type { TrackingRoom } from './tracking-room.ts';
import { csvSource } from './transfer/csv-source.ts';
import { exportRun } from './transfer/export-run.ts';
import { mlrunsSource } from './transfer/import-mlruns.ts';
import { importRuns, type RunSource } from './transfer/import-runs.ts';
import { mlflowServerSource } from './transfer/mlflow-server-source.ts';
import { tensorboardSource } from './transfer/tensorboard-source.ts';

const exportInput = z.object({ id: z.string().min(1).max(64), dir: z.string().min(1) });

type ImportInput = z.output<typeof importRunsInput>;

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
      input: importRunsInput,
      title: (input: ImportInput) => `Import ${nameOf(input)}`,
      subject: () => '/runs',
      run: (context, input) => importRuns(room, context, sourceOf(input)),
    }),
  ] as const;

const nameOf = (input: ImportInput): string =>
  input.from === 'mlflow-server' ? input.url : input.from === 'csv' ? input.file : input.dir;

function sourceOf(input: ImportInput): RunSource {
  switch (input.from) {
    case 'mlruns':
      return mlrunsSource(input.dir);
    case 'mlflow-server':
      return mlflowServerSource(input);
    case 'tensorboard':
      return tensorboardSource(input.dir, input.experiment);
    case 'csv':
      return csvSource(input);
  }
}
