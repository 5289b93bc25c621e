import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ArtifactOwner } from '../../core/tracking/index.ts';
import { FalajError } from '../../shared/errors.ts';
import { placeOf, requireUploadable } from './artifact-place.ts';
import { ARTIFACTS_PREFIX, IDLE_MS, sendJson } from './artifact-wire.ts';
import type { MlflowRooms } from './call.ts';
import { MlflowError } from './mlflow-error.ts';
import { bodyOf } from './request-input.ts';

type Tracking = MlflowRooms['tracking'];

export const MULTIPART_PREFIX = 'mpu/';

const begun = z.object({ path: z.string(), num_parts: z.number().int().min(1).default(1) });
const aborted = z.object({ path: z.string(), upload_id: z.string() });
const completed = aborted.extend({
  parts: z.array(z.object({ part_number: z.number().int(), etag: z.string() })),
});

/**
 * Uploads in parts: `create/FOLDER`, then `part/UPLOAD/NUMBER` for each, then `complete/FOLDER` or `abort/FOLDER`. Clients take
 * the address of a part as it is given and send nothing to it but the headers that they are told to.
 */
export async function answerMultipart(
  { tracking }: MlflowRooms,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const [, step, rest] = /^mpu\/([a-z]+)\/(.+)$/.exec(path) ?? [];
  const part = /^([0-9a-f]{32})\/(\d{1,9})$/.exec(rest ?? '');
  if (step === 'part' && part !== null && request.method === 'PUT') {
    request.setTimeout(IDLE_MS, () => request.destroy());
    const digest = await tracking.uploads.put(part[1]!, Number(part[2]), request);
    response.setHeader('etag', `"${digest}"`);
    sendJson(response, {});
    return;
  }
  if (request.method !== 'POST' || rest === undefined)
    throw new MlflowError('ENDPOINT_NOT_FOUND', 'There is no such path.');
  const body = await bodyOf(request);
  switch (step) {
    case 'create': {
      const input = begun.parse(body);
      const { owner, path: file } = fileOf(tracking, rest, input.path);
      const { upload } = tracking.uploads.begin(owner, file, input.num_parts);
      sendJson(response, { upload_id: upload, credentials: credentialsOf(request, upload, input.num_parts) });
      return;
    }
    case 'complete': {
      const input = completed.parse(body);
      const { owner, path: file } = fileOf(tracking, rest, input.path);
      const sent = input.parts.map((each) => ({
        number: each.part_number,
        digest: each.etag.replace(/^"|"$/g, ''),
      }));
      request.setTimeout(0); // its parts become one file, which takes as long as it takes
      await tracking.uploads.complete(input.upload_id, owner, file, sent);
      sendJson(response, {});
      return;
    }
    case 'abort':
      tracking.uploads.abort(aborted.parse(body).upload_id);
      sendJson(response, {});
      return;
    default:
      throw new MlflowError('ENDPOINT_NOT_FOUND', 'There is no such path.');
  }
}

/** The file in a folder behind the proxy that has the name of the client's own file. */
function fileOf(
  tracking: Tracking,
  folder: string,
  localFile: string,
): { readonly owner: ArtifactOwner; readonly path: string } {
  const name = localFile.split(/[\\/]/).at(-1) ?? '';
  if (name === '')
    throw new FalajError('BAD_NAME', 'path: a file is needed.', { details: { field: 'path' } });
  return requireUploadable(placeOf(tracking, `${folder}/${name}`));
}

/**
 * Where each part goes: to this very server, with the caller's own credential, which goes back to nobody but its holder. Clients
 * want a whole address. The host in it is one of the door's own, which lets nobody else in (`isOwnCaller`); the port is the one
 * that the caller sees, forwarded or not.
 */
function credentialsOf(request: IncomingMessage, upload: string, count: number): object[] {
  const scheme = 'encrypted' in request.socket ? 'https' : 'http';
  const { host, authorization } = request.headers;
  return Array.from({ length: count }, (_, index) => ({
    url: `${scheme}://${host}${ARTIFACTS_PREFIX}${MULTIPART_PREFIX}part/${upload}/${index + 1}`,
    part_number: index + 1,
    headers: authorization === undefined ? {} : { Authorization: authorization },
  }));
}
