import type { EngineClient } from '../../shared/contract/types.ts';
import type { CommandContext } from './command-context.ts';

/** Set for the programs that `falaj run` starts. */
const RUN_VARIABLE = 'FALAJ_RUN_ID';

export interface ReadData {
  readonly name: string;
  /** Where it lies in the workspace, such as `/data/flights`. */
  readonly source: string;
  /** Of a dataset. */
  readonly version?: number;
  /** Of the content; unless it is given, of the file that was written. */
  readonly digest?: string | undefined;
  readonly file: string;
  /** The versions of datasets that features come from. */
  readonly from?: readonly { readonly name: string; readonly version: number; readonly digest: string }[];
}

/** Within a run of `falaj run`: keeps with the run what it read. */
export async function recordInput(
  context: CommandContext,
  client: EngineClient,
  { name, source, version, digest, file, from }: ReadData,
): Promise<void> {
  const run = context.environment[RUN_VARIABLE];
  if (run === undefined || run === '') return;
  // Commands outside of a run, which are most, do without the room's code.
  const { fileDigest } = await import('../../core/scripts/index.ts');
  await client.scripts.recordInput({
    id: run,
    name: name.slice(0, 500),
    source,
    digest: digest ?? (await fileDigest(file)),
    ...(version === undefined ? {} : { version }),
    ...(from === undefined ? {} : { from: [...from] }),
  });
}
