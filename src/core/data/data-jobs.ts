import { z } from 'zod';
import { importInput, uploadedImportInput } from '../../shared/contract/data.ts';
import type { Dataset, ImportOutcome } from '../../shared/contract/types.ts';
import { nameSchema } from '../../shared/names.ts';
import { defineJob, type JobKind } from '../jobs/index.ts';
import type { DataRoom } from './data-room.ts';
import { importUpload } from './import/import-upload.ts';

const exportInput = z.object({
  name: nameSchema,
  version: z.number().int().min(1).optional(),
  file: z.string().min(1),
  format: z.enum(['csv', 'tsv', 'parquet', 'ndjson', 'arrow']).optional(),
});

type ImportJob = JobKind<z.infer<typeof importInput>, Dataset>;
type UploadJob = JobKind<z.infer<typeof uploadedImportInput>, ImportOutcome>;
type ExportJob = JobKind<
  z.infer<typeof exportInput>,
  { file: string; rows: number; version: number; digest: string }
>;

interface DataJobs {
  readonly importJob: ImportJob;
  readonly uploadJob: UploadJob;
  readonly exportJob: ExportJob;
}

/** Long work of this room. */
export function dataJobs(room: DataRoom): DataJobs {
  return {
    importJob: defineJob({
      kind: 'data.import',
      input: importInput,
      title: ({ name }) => `Import ${name}`,
      subject: ({ name }) => `/data/${name}`,
      run: (context, input) => room.import(context, input),
    }),
    uploadJob: defineJob({
      kind: 'data.import-upload',
      input: uploadedImportInput,
      title: ({ name }) => `Import ${name}`,
      subject: ({ name }) => `/data/${name}`,
      run: (context, input) => importUpload(room, context, input),
    }),
    exportJob: defineJob({
      kind: 'data.export',
      input: exportInput,
      title: ({ name }) => `Export ${name}`,
      subject: ({ name }) => `/data/${name}`,
      run: (context, input) => room.export(context, input),
    }),
  };
}
