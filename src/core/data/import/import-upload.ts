import type { ImportOutcome, UploadedImportInput } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { DataRoom } from '../data-room.ts';
import { readRemote } from '../reader/read-files.ts';
import { SNIFFED_BYTES, sniffFormat } from '../reader/sniff-format.ts';
import type { ImportContext } from './stage-part.ts';

/** Imports what was uploaded, like a file of what it is said or seems to be. */
export function importUpload(
  room: DataRoom,
  context: ImportContext,
  { upload, source, ...input }: UploadedImportInput,
): Promise<ImportOutcome> {
  return room.uploads.use(upload, async (content) => {
    if (content.sizeBytes === 0) {
      throw new FalajError('NO_ROWS', `Nothing came from ${source}.`, {
        hint: 'Check the command that was to write there.',
      });
    }
    const format =
      input.format ?? sniffFormat(await content.read(0, Math.min(content.sizeBytes, SNIFFED_BYTES)), source);
    return room.import(context, { ...input, files: [source] }, (_files, options, use) =>
      readRemote({ ...options, format, remote: [{ ...content, name: source }] }, use),
    );
  });
}
