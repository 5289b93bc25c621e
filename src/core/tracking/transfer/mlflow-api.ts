import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { FalajError } from '../../../shared/errors.ts';

/** A server of MLflow: where it is, and the Authorization header it wants; null where it wants none. */
export interface MlflowServer {
  readonly url: string;
  readonly authorization: string | null;
}

const TIMEOUT_MS = 60_000;
/** A page of a thousand runs with their parameters, or of 25,000 points, is far smaller. */
const LARGEST_ANSWER_BYTES = 128 * 1024 * 1024;

const pairs = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);
const milliseconds = z.coerce.number().int().optional();

export const serverRun = z.object({
  info: z.object({
    run_id: z.string().regex(/^[\w-]{1,64}$/, 'is not the id of a run'),
    run_name: z.string().optional(),
    user_id: z.string().optional(),
    status: z
      .string()
      .transform((status) => status.toLowerCase())
      .pipe(z.enum(['running', 'scheduled', 'finished', 'failed', 'killed'])),
    start_time: milliseconds,
    end_time: milliseconds,
    lifecycle_stage: z.enum(['active', 'deleted']).default('active'),
    artifact_uri: z.string().default(''),
  }),
  data: z
    .object({
      metrics: z.array(z.object({ key: z.string() })).default([]),
      params: pairs,
      tags: pairs,
    })
    .prefault({}),
});

const page = z.object({ next_page_token: z.string().optional() });
export const experimentsPage = page.extend({
  experiments: z.array(z.object({ experiment_id: z.string(), name: z.string() })).default([]),
});
export const runsPage = page.extend({ runs: z.array(serverRun).default([]) });
/** Numbers that JSON has no word for come as text. */
const metricNumber = z
  .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
  .transform((value) => Number(value));
/** Also beyond 2^53: such points are left out one by one, not the page that has one. */
const wholeNumber = z.coerce.number().refine(Number.isInteger, 'is no whole number');
export const historyPage = page.extend({
  metrics: z
    .array(
      z.object({
        value: metricNumber.default(0),
        timestamp: wholeNumber.default(0),
        step: wholeNumber.default(0),
      }),
    )
    .default([]),
});
export const artifactsPage = page.extend({
  files: z.array(z.object({ path: z.string(), is_dir: z.boolean().default(false) })).default([]),
});

/**
 * Asks a server of MLflow (mlflow.org/docs/latest/rest-api.html).
 *
 * @throws UNREACHABLE, CREDENTIALS_REFUSED, NOT_FOUND, or MALFORMED_FILE for an answer that is none of MLflow's.
 */
export async function askMlflow<Schema extends z.ZodType>(
  server: MlflowServer,
  call: string,
  schema: Schema,
  ask: {
    readonly signal: AbortSignal;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: object;
  },
): Promise<z.output<Schema>> {
  const query = ask.query === undefined ? '' : `?${new URLSearchParams(ask.query).toString()}`;
  const response = await request(server, `/api/2.0/mlflow/${call}${query}`, ask.signal, ask.body);
  const parsed = schema.safeParse(await jsonOf(response));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new FalajError(
    'MALFORMED_FILE',
    `${server.url}: ${call} answered what is not MLflow’s: ${issue.path.join('.')} ${issue.message}.`,
    {
      hint: 'Give the address that MLFLOW_TRACKING_URI has.',
    },
  );
}

/** Null for what is no JSON, or longer than any answer is. */
async function jsonOf({ body }: Response): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.byteLength;
    if (bytes > LARGEST_ANSWER_BYTES) return null;
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The bytes of an artifact, from the server's own store or from where it keeps them. */
export async function mlflowArtifact(
  server: MlflowServer,
  run: { readonly id: string; readonly artifactUri: string },
  file: string,
  signal: AbortSignal,
): Promise<Readable> {
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(run.artifactUri)?.[1];
  const segments = (text: string): string => text.split('/').map(encodeURIComponent).join('/');
  const address =
    proxied === undefined
      ? `/get-artifact?${new URLSearchParams({ path: file, run_uuid: run.id }).toString()}`
      : `/api/2.0/mlflow-artifacts/artifacts/${segments(`${proxied}/${file}`)}`;
  const { body } = await request(server, address, signal);
  return body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream);
}

async function request(
  server: MlflowServer,
  address: string,
  signal: AbortSignal,
  body?: object,
): Promise<Response> {
  const headers = {
    ...(server.authorization === null ? {} : { authorization: server.authorization }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  let response: Response;
  try {
    response = await fetch(`${server.url}${address}`, {
      headers,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new FalajError('UNREACHABLE', `${server.url} does not answer.`, {
      hint: 'Is the server up, and the address the one of MLFLOW_TRACKING_URI?',
      cause,
    });
  }
  if (response.ok) return response;
  if (response.status === 401 || response.status === 403) {
    throw new FalajError('CREDENTIALS_REFUSED', `${server.url} refuses to answer (${response.status}).`, {
      hint: 'Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.',
    });
  }
  const path = address.split('?', 1)[0]!;
  throw new FalajError(
    response.status === 404 ? 'NOT_FOUND' : 'UNREACHABLE',
    `${server.url}${path} answered ${response.status}.`,
    {
      hint: 'Is it a tracking server of MLflow?',
    },
  );
}
