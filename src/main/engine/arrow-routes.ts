import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { StreamedSet } from '../../core/features/index.ts';
import type { ScriptRead } from '../../shared/contract/types.ts';
import { FalajError, isFalajError, toFalajError } from '../../shared/errors.ts';
import { nameSchema } from '../../shared/names.ts';
import type { Reader } from '../router/index.ts';
import { answerRead, datasetRead, featuresName, keepRead } from '../router/kept-reads.ts';
import { sendProblem } from './problem.ts';

export const ARROW_TYPE = 'application/vnd.apache.arrow.stream';
/** Entities with whatever columns they bring are held in memory while their features are looked up. */
export const ARROW_LIMIT_BYTES = 256 * 1024 * 1024;

const list = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .optional();

const rowsQuery = z.strictObject({
  version: z.coerce.number().int().min(1).optional(),
  columns: list,
  offset: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).optional(),
});

const historicalQuery = z.strictObject({
  service: z.string().optional(),
  features: list,
  without: list,
  eventTime: z.string().min(1).default('event_time'),
  asKnown: z.string().optional(),
  names: z.enum(['full', 'feature']).default('full'),
});

type RowsRequest = z.infer<typeof rowsQuery> & { readonly name: string };
type HistoricalRequest = z.infer<typeof historicalQuery>;

/** What an engine offers as Arrow. */
export interface ArrowEngine {
  readonly rooms: {
    readonly data: {
      arrowStream(input: RowsRequest): Promise<AsyncGenerator<Uint8Array>>;
      get(input: { readonly name: string; readonly version?: number | undefined }): {
        readonly name: string;
        readonly version: number;
        readonly digest: string;
      };
    };
    readonly features: {
      historicalStream(
        entities: Readable,
        input: HistoricalRequest,
        options: { readonly signal: AbortSignal; readonly onSet?: (set: StreamedSet) => void },
      ): Promise<AsyncGenerator<Uint8Array>>;
    };
    readonly scripts: { recordRead(read: ScriptRead & { readonly id: string }): void };
  };
}

export interface ArrowRoutesOptions {
  readonly engine: ArrowEngine;
  readonly report: (error: unknown) => void;
  readonly limitBytes?: number;
}

/**
 * The two procedures whose rows travel as Arrow, beside the contract's JSON: a whole dataset out, and entities in with their
 * features out. False when the request is not theirs.
 */
export function createArrowRoutes({ engine, report, limitBytes = ARROW_LIMIT_BYTES }: ArrowRoutesOptions) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    reader?: Reader,
  ): Promise<boolean> => {
    const dataset = /^\/api\/data\/([^/]+)\/rows$/.exec(path)?.[1];
    if (dataset !== undefined && request.method === 'GET' && accepts(request)) {
      await answer({ request, response, report }, () => {
        const input = { ...query(request, rowsQuery), name: name(dataset) };
        return answerRead(
          { engine, reader },
          () => datasetRead(engine.rooms.data.get(input), input.columns),
          () => engine.rooms.data.arrowStream(input),
        );
      });
      return true;
    }
    if (path === '/api/features/historical' && request.method === 'POST' && carries(request)) {
      await answer({ request, response, report }, (signal) => {
        const input = query(request, historicalQuery);
        return engine.rooms.features.historicalStream(limited(request, limitBytes), input, {
          signal,
          ...(reader === undefined ? {} : { onSet: (set) => keepRead(engine, reader, setRead(input, set)) }),
        });
      });
      return true;
    }
    return false;
  };
}

const setRead = (asked: HistoricalRequest, { contentHash, data }: StreamedSet): ScriptRead => ({
  name: featuresName(asked),
  source: '/features',
  digest: contentHash,
  from: [...data],
});

const mediaType = (text: string): string => text.split(';')[0]!.trim().toLowerCase();
const accepts = (request: IncomingMessage): boolean =>
  (request.headers.accept ?? '').split(',').some((type) => mediaType(type) === ARROW_TYPE);
const carries = (request: IncomingMessage): boolean =>
  mediaType(request.headers['content-type'] ?? '') === ARROW_TYPE;

function name(text: string): string {
  const parsed = nameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new FalajError('BAD_NAME', `name: ${parsed.error.issues[0]!.message}`);
}

function query<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): z.infer<Schema> {
  const given = new URL(request.url ?? '/', 'http://engine').searchParams;
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.') || 'query';
  throw new FalajError('BAD_INPUT', `${field}: ${issue.message}`, { details: { field } });
}

/** The body, refused as soon as it says or proves to be too large. */
function limited(request: IncomingMessage, limitBytes: number): Readable {
  const tooLarge = (): FalajError =>
    new FalajError('TOO_LARGE', `The entities are larger than ${limitBytes} bytes.`, {
      hint: 'Send them in parts, or hand them over as a file: falaj features historical.',
      details: { limitBytes },
    });
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limitBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
  // It may end after nobody waits for it any more, and must not take the engine along.
  counted.on('error', () => undefined);
  request.once('close', () => {
    if (!request.complete) counted.destroy(new FalajError('CANCELLED', 'The caller left.'));
  });
  return request.pipe(counted);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly report: (error: unknown) => void;
}

/** More than this of a refused body is not waited for: the connection is closed on it. */
const DISCARDED_BYTES = 64 * 2 ** 20;

/** Takes what is still on its way: a caller who is told while writing sees a broken connection, not the answer. */
function discardBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    request.unpipe();
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DISCARDED_BYTES) resolve();
    });
    request.once('end', resolve);
    request.once('close', resolve);
    request.resume();
  });
}

/** Sends what `work` gives, as fast as the caller takes it; a caller who leaves ends the work. */
async function answer(
  { request, response, report }: Exchange,
  work: (signal: AbortSignal) => Promise<AsyncGenerator<Uint8Array>>,
): Promise<void> {
  const left = new AbortController();
  const onClose = (): void => left.abort();
  response.once('close', onClose);
  try {
    const bytes = await work(left.signal);
    response.writeHead(200, { 'content-type': ARROW_TYPE });
    await pipeline(Readable.from(bytes, { objectMode: false }), response);
  } catch (error) {
    if (left.signal.aborted) return;
    const known = toFalajError(error);
    if (!isFalajError(error) || known.status >= 500) report(error);
    await discardBody(request);
    // Once rows have left, only a broken connection can say that they are not all.
    sendProblem(response, hidden(known), { connection: 'close' });
  } finally {
    response.off('close', onClose);
  }
}

/** What nobody expected may carry values or paths, so its own words stay here. */
const hidden = (error: FalajError): FalajError =>
  error.code === 'INTERNAL'
    ? new FalajError('INTERNAL', 'The engine met an error that it did not expect.', {
        hint: 'This is a defect. See run/engine.log in the workspace, and report what it says.',
      })
    : error;
