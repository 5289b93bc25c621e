import type { ScriptRead } from '../../shared/contract/types.ts';
import type { Reader } from './call-context.ts';

export interface ReadRecorder {
  readonly rooms: {
    readonly scripts: { recordRead(read: ScriptRead & { readonly id: string }): void };
  };
}

/** Keeps a read with the run whose program asked for it; of anybody else nothing is kept. */
export function keepRead(engine: ReadRecorder, reader: Reader | undefined, read: ScriptRead): void {
  if (reader === undefined) return;
  const { run, context } = reader;
  engine.rooms.scripts.recordRead({ ...read, id: run, ...(context === null ? {} : { context }) });
}

/** Answers, and keeps what was read; `read` is asked as the answer begins, so that both are of the same version. */
export async function answerRead<Result>(
  { engine, reader }: { readonly engine: ReadRecorder; readonly reader: Reader | undefined },
  read: () => ScriptRead | Promise<ScriptRead>,
  answer: () => Result | Promise<Result>,
): Promise<Result> {
  if (reader === undefined) return answer();
  const [kept, result] = await Promise.all([read(), answer()]);
  keepRead(engine, reader, kept);
  return result;
}

/** A read of a dataset's rows. */
export const datasetRead = (
  { name, version, digest }: { readonly name: string; readonly version: number; readonly digest: string },
  columns?: readonly string[] | undefined,
): ScriptRead => ({
  name,
  version,
  digest,
  source: `/data/${name}@${version}`,
  ...(columns === undefined ? {} : { columns: [...columns] }),
});

/** How a read of features is called: by their service, or by themselves. */
export const featuresName = (asked: {
  readonly service?: string | undefined;
  readonly features?: readonly string[] | undefined;
}): string => (asked.service ?? asked.features?.join(',') ?? '').slice(0, 500);
