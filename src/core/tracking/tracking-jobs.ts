import { z } from 'zod';
import { defineJob } from '../jobs/index.ts';
import type { TrackingRoom } from './tracking-room.ts';
import { csvSource } from './transfer/csv-source.ts';
import { exportRun } from './transfer/export-run.ts';
import { type ImportJobInput, importJobInput } from './transfer/import-input.ts';
import { importRuns, type RunSource } from './transfer/import-runs.ts';
import { mlflowServerSource } from './transfer/mlflow-server-source.ts';
import { isolatedRuns } from './transfer/reader/read-runs.ts';

const exportInput = z.object({ id: z.string().min(1).max(64), dir: z.string().min(1) });

export const trackingJobs = (room: TrackingRoom) => ({
  exportJob: defineJob({
    kind: 'runs.export',
    input: exportInput,
    title: (input: z.infer<typeof exportInput>) => `Export run ${input.id}`,
    subject: (input) => `/runs/${input.id}`,
    run: (context, input) => {
      room.recordExport(input);
      return exportRun(room, context, input);
    },
  }),
  importJob: defineJob({
    kind: 'runs.import',
    input: importJobInput,
    title: (input: ImportJobInput) => `Import ${nameOf(input)}`,
    subject: () => '/runs',
    run: (context, input) => importRuns(room, context, sourceOf(room, input)),
  }),
});

const nameOf = (input: ImportJobInput): string =>
  input.from === 'mlflow-server' ? input.url : input.from === 'csv' ? input.file : input.dir;

function sourceOf(room: TrackingRoom, input: ImportJobInput): RunSource {
  switch (input.from) {
    case 'mlruns':
      return isolatedRuns({ kind: 'open', from: 'mlruns', dir: input.dir });
    case 'mlflow-server':
      return mlflowServerSource({
        url: input.url,
        authorization: input.credentials === null ? null : room.credentials.get(input.credentials),
      });
    case 'tensorboard':
      return isolatedRuns({
        kind: 'open',
        from: 'tensorboard',
        dir: input.dir,
        experiment: input.experiment,
      });
    case 'csv':
      return csvSource(input);
  }
}
