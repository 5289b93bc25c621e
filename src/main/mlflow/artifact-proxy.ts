import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { folderEntries } from '../../core/tracking/index.ts';
import { FalajError } from '../../shared/errors.ts';
import { type Place, placeOf, requireUploadable, requireWritable } from './artifact-place.ts';
import { IDLE_MS, sendJson } from './artifact-wire.ts';
import type { MlflowRooms } from './call.ts';
import { MlflowError } from './mlflow-error.ts';
import { answerMultipart, MULTIPART_PREFIX } from './multipart-calls.ts';

/** Artifacts in and out, streamed to and from encrypted files. `path` is what follows `ARTIFACTS_PREFIX`, decoded once. */
export async function answerArtifacts(
  rooms: MlflowRooms,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (path.startsWith('presigned/'))
    throw new MlflowError('NOT_IMPLEMENTED', 'Files come in one stream from here.');
  if (path.startsWith(MULTIPART_PREFIX)) {
    await answerMultipart(rooms, request, response, path);
    return;
  }
  const { tracking } = rooms;
  const query = new URL(request.url ?? '/', 'http://engine').searchParams;
  if (path === 'artifacts' && request.method === 'GET') {
    sendJson(response, { files: listed(rooms, placeOf(tracking, query.get('path') ?? '')) });
    return;
  }
  if (!path.startsWith('artifacts/')) throw new MlflowError('ENDPOINT_NOT_FOUND', 'There is no such path.');
  const place = placeOf(tracking, path.slice('artifacts/'.length));
  if (place.path === '') throw new FalajError('BAD_NAME', 'A file is needed, not a whole folder.');
  const left = new AbortController();
  response.once('close', () => left.abort());
  if (request.method === 'PUT') {
    const { owner, path: file } = requireUploadable(place);
    request.setTimeout(IDLE_MS, () => request.destroy());
    await tracking.files.put(owner, file, request, left.signal);
    sendJson(response, {});
  } else if (request.method === 'GET') {
    const file =
      place.kind === 'version'
        ? await rooms.registry.files.open(place.name, place.version, place.path)
        : tracking.files.open(place.owner, place.path);
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': file.sizeBytes,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    await pipeline(Readable.from(file.read(left.signal), { objectMode: false }), response);
  } else if (request.method === 'DELETE') {
    const { owner, path: file } = requireWritable(place);
    tracking.files.remove(owner, file);
    sendJson(response, {});
  } else throw new MlflowError('ENDPOINT_NOT_FOUND', `${request.method} is not answered here.`);
}

interface WireFile {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

/** What lies right in a folder; paths are relative to it. */
function listed({ tracking, registry }: MlflowRooms, place: Place): WireFile[] {
  const { path: folder } = place;
  const entries =
    place.kind === 'version'
      ? folderEntries(registry.files.list(place.name, place.version), folder)
      : tracking.files.list(place.owner, folder);
  const start = folder === '' ? 0 : folder.length + 1;
  return entries.map((entry) => ({
    path: entry.path.slice(start),
    is_dir: entry.isFolder,
    ...(entry.isFolder ? {} : { file_size: entry.sizeBytes }),
  }));
}
