import type { Readable } from 'node:stream';
import { z } from 'zod';
import { FalajError } from '../../../shared/errors.ts';
import type { IsolatedChild } from '../../processes/index.ts';
import { MAX_RANGE_BYTES, type RangeAnswer } from './remote-file.ts';

/** A file elsewhere that the engine can read in ranges. */
export interface RemoteBytes {
  readonly name: string;
  readonly sizeBytes: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

/** What the child may not fetch itself. */
export interface ChildInput {
  readonly input?: Readable;
  readonly remote?: readonly RemoteBytes[];
}

/**
 * Gives the child a stream as fast as it takes it, or the ranges that it asks for. A source that fails ends the child, and
 * its failure is kept: it is the cause, whatever the child then says.
 */
export function feedChild(
  child: IsolatedChild,
  { input, remote }: ChildInput,
): { readonly failure: Error | null } {
  const state: { failure: Error | null } = { failure: null };
  const fail = (error: Error): void => {
    state.failure ??= error;
    child.kill();
  };
  if (input !== undefined && child.stdin !== null) {
    input.once('error', fail);
    // A child that has heard enough closes its end; that is no failure of the source, which is let go.
    child.stdin.on('error', () => undefined);
    child.stdin.once('close', () => input.destroy());
    input.pipe(child.stdin);
  }
  if (remote !== undefined)
    child.onMessage((message) => void answerRange(child, remote, message).catch(fail));
  return state;
}

/** The child has had foreign bytes in its memory, so what it asks for is checked. */
async function answerRange(
  child: IsolatedChild,
  remote: readonly RemoteBytes[],
  message: unknown,
): Promise<void> {
  const parsed = rangeRequest.safeParse(message);
  const file = parsed.success ? remote[parsed.data.file] : undefined;
  if (!parsed.success || file === undefined || parsed.data.end > file.sizeBytes) {
    throw new FalajError(
      'CHILD_FAILED',
      'The process that reads files asked for something that is not there.',
      {
        hint: 'The file may be damaged. Convert it to another format and try again.',
      },
    );
  }
  const { id, start, end } = parsed.data;
  const answer: RangeAnswer = { kind: 'bytes', id, bytes: await file.read(start, end) };
  child.send(answer);
}

const rangeRequest = z
  .object({
    kind: z.literal('range'),
    id: z.number().int().nonnegative(),
    file: z.number().int().nonnegative(),
    start: z.number().int().nonnegative(),
    end: z.number().int(),
  })
  .refine(({ start, end }) => end > start && end - start <= MAX_RANGE_BYTES);
