import { addAbortSignal, type Readable } from 'node:stream';
import type { EngineClient } from '../../shared/contract/types.ts';
import { FalajError, isFalajError } from '../../shared/errors.ts';

const PIECE_BYTES = 4 * 2 ** 20;

/** Sends a stream to the engine piece by piece, for `work` to use. Nothing stays of it when either of them fails. */
export async function withUpload<Result>(
  client: EngineClient,
  stream: Readable,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
  work: (upload: string) => Promise<Result>,
): Promise<Result> {
  const { upload } = await client.data.beginUpload();
  try {
    await send(client, upload, addAbortSignal(signal, stream), name);
    return await work(upload);
  } catch (error) {
    await giveUp(client, upload);
    if (signal.aborted) throw new FalajError('CANCELLED', `The reading of ${name} was stopped.`);
    throw error;
  }
}

async function send(client: EngineClient, upload: string, stream: Readable, name: string): Promise<void> {
  let sizeBytes = 0;
  for await (const piece of inPieces(stream)) {
    await client.data.addToUpload({ upload, bytes: piece.toString('base64') });
    sizeBytes += piece.length;
  }
  if (sizeBytes > 0) return;
  throw new FalajError('NO_ROWS', `Nothing came from ${name}.`, {
    hint: 'Check the command that was to write there.',
  });
}

/** What was used is gone already, and an engine that is gone has left nothing. */
async function giveUp(client: EngineClient, upload: string): Promise<void> {
  try {
    await client.data.discardUpload({ upload });
  } catch (error) {
    if (!isFalajError(error) || !['NOT_FOUND', 'ENGINE_GONE'].includes(error.code)) throw error;
  }
}

async function* inPieces(stream: Readable): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + PIECE_BYTES - heldBytes);
      held.push(part);
      heldBytes += part.length;
      at += part.length;
      if (heldBytes < PIECE_BYTES) continue;
      yield Buffer.concat(held);
      held = [];
      heldBytes = 0;
    }
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}
