import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ArtifactOwner, requireArtifactPath } from '../../core/tracking/index.ts';
import { FalajError } from '../../shared/errors.ts';
import type { MlflowRooms } from './call.ts';
import { MlflowError } from './mlflow-error.ts';

export const ARTIFACTS_PREFIX = '/api/2.0/mlflow-artifacts/';

/** No byte of an upload for so long: whoever sends it has gone. */
const IDLE_MS = 120_000;

interface Place {
  readonly owner: ArtifactOwner;
  /** Relative to the owner; empty for its top. */
  readonly path: string;
}

/** Artifacts in and out, streamed to and from encrypted files. `path` is what follows {@link ARTIFACTS_PREFIX}, decoded once. */
export async function answerArtifacts(
  { tracking }: MlflowRooms,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (path.startsWith('mpu/') || path.startsWith('presigned/'))
    throw new MlflowError(
      'NOT_IMPLEMENTED',
      'Multipart upload is not supported for the current artifact repository',
    );
  const query = new URL(request.url ?? '/', 'http://engine').searchParams;
  if (path === 'artifacts' && request.method === 'GET') {
    const { owner, path: folder } = placeOf(tracking, query.get('path') ?? '');
    const start = folder === '' ? 0 : folder.length + 1;
    const files = tracking.files.list(owner, folder).map((entry) => ({
      path: entry.path.slice(start),
      is_dir: entry.isFolder,
      ...(entry.isFolder ? {} : { file_size: entry.sizeBytes }),
    }));
    sendJson(response, { files });
    return;
  }
  if (!path.startsWith('artifacts/')) throw new MlflowError('ENDPOINT_NOT_FOUND', 'There is no such path.');
  const place = placeOf(tracking, path.slice('artifacts/'.length));
  if (place.path === '') throw new FalajError('BAD_NAME', 'A file is needed, not a whole run.');
  const left = new AbortController();
  response.once('close', () => left.abort());
  if (request.method === 'PUT') {
    request.setTimeout(IDLE_MS, () => request.destroy());
    await tracking.files.put(place.owner, place.path, request, left.signal);
    sendJson(response, {});
  } else if (request.method === 'GET') {
    const file = tracking.files.open(place.owner, place.path);
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': file.sizeBytes,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    await pipeline(Readable.from(file.read(left.signal), { objectMode: false }), response);
  } else if (request.method === 'DELETE') {
    tracking.files.remove(place.owner, place.path);
    sendJson(response, {});
  } else throw new MlflowError('ENDPOINT_NOT_FOUND', `${request.method} is not answered here.`);
}

/**
 * `EXPERIMENT/RUN/artifacts/PATH` or `EXPERIMENT/models/MODEL/artifacts/PATH`. Parts that climb, and escapes that a second
 * decoding would turn into such, are refused; so is an owner that belongs to another experiment.
 */
function placeOf(tracking: MlflowRooms['tracking'], given: string): Place {
  requireArtifactPath(given);
  if (/%(?:2e|2f|5c|00|25)/i.test(given))
    throw new FalajError('BAD_NAME', 'A path must not hold escapes of dots, slashes or percent signs.');
  const ofModel = /^([^/]+)\/models\/(m-[^/]+)\/artifacts(?:\/(.+))?$/.exec(given);
  const match = ofModel ?? /^([^/]+)\/([^/]+)\/artifacts(?:\/(.+))?$/.exec(given);
  if (match === null)
    throw new FalajError(
      'BAD_INPUT',
      'A path here is EXPERIMENT/RUN/artifacts/… or EXPERIMENT/models/MODEL/artifacts/….',
    );
  const [, experiment, id, path = ''] = match;
  const { experimentId } = ofModel ? tracking.models.get(id!) : tracking.clients.get(id!);
  if (experimentId !== experiment)
    throw new FalajError(
      'NOT_FOUND',
      `The experiment ${experiment} has no ${ofModel ? 'model' : 'run'} ${id}.`,
    );
  return { owner: { kind: ofModel ? 'model' : 'run', id: id! }, path };
}

function sendJson(response: ServerResponse, body: object): void {
  response
    .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
