import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
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
}

/** Within a run of `falaj run`: keeps with the run what it read. */
export async function recordInput(
  context: CommandContext,
  client: EngineClient,
  { name, source, version, digest, file }: ReadData,
): Promise<void> {
  const run = context.environment[RUN_VARIABLE];
  if (run === undefined || run === '') return;
  await client.scripts.recordInput({
    id: run,
    name,
    source,
    digest: digest ?? (await digestOf(file)),
    ...(version === undefined ? {} : { version }),
  });
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
