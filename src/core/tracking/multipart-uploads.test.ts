import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { TrackingRoom, trackingMigrations } from './index.ts';
import { MULTIPART_LIMITS, type MultipartLimits, MultipartUploads } from './multipart-uploads.ts';

let parts: EngineParts;
let room: TrackingRoom;
let owner: { kind: 'run'; id: string };
beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  room = new TrackingRoom(parts);
  owner = { kind: 'run', id: room.clients.create({ experimentId: '0', tags: {} }).id };
});
afterEach(() => {
  vi.useRealTimers();
  parts.close();
});

const uploadsWith = (limits: Partial<MultipartLimits> = {}): MultipartUploads =>
  new MultipartUploads({ blobs: parts.blobs, files: room.files }, { ...MULTIPART_LIMITS, ...limits });

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  for (const piece of text.match(/.{1,3}/gs) ?? []) yield Buffer.from(piece);
}
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('uploads in parts', () => {
  it('become one file, whatever their order, once however often they are completed', async () => {
    const uploads = uploadsWith();
    const { upload } = uploads.begin(owner, 'deep/model.bin', 3);
    expect(await uploads.put(upload, 3, bytesOf('ccc'))).toBe(sha256('ccc'));
    await Promise.all([uploads.put(upload, 1, bytesOf('aaaa')), uploads.put(upload, 2, bytesOf('old'))]);
    await uploads.put(upload, 2, bytesOf('ccc')); // the same content as another part
    expect(room.files.list(owner, '')).toEqual([]);
    const sent = ['aaaa', 'ccc', 'ccc'].map((text, index) => ({ number: index + 1, digest: sha256(text) }));
    const complete = () => uploads.complete(upload, owner, 'deep/model.bin', sent);
    await Promise.all([complete(), complete()]);
    await complete();
    expect((await room.files.readAll(owner, 'deep/model.bin')).toString()).toBe('aaaaccccccc'.slice(0, 10));
    expect(parts.blobs.usage().blobs).toBe(1);
    expect(parts.audit.list().entries.filter(({ action }) => action === 'run.artifact')).toHaveLength(1);
    expect(await parts.blobs.sweep()).toBe(0);
  });

  it('are not completed with a part that is missing, another, or for another file', async () => {
    const uploads = uploadsWith();
    const { upload } = uploads.begin(owner, 'a', 2);
    await uploads.put(upload, 1, bytesOf('a'));
    const good = { number: 1, digest: sha256('a') };
    const complete = async (sent: { number: number; digest: string }[], path = 'a') =>
      uploads.complete(upload, owner, path, sent);
    await expect(complete([good])).rejects.toEqual(code('BAD_INPUT'));
    await uploads.put(upload, 2, bytesOf('b'));
    const second = { number: 2, digest: sha256('b') };
    await expect(complete([good])).rejects.toEqual(code('BAD_INPUT'));
    await expect(complete([second, good])).rejects.toEqual(code('BAD_INPUT'));
    await expect(complete([good, { ...second, digest: sha256('c') }])).rejects.toEqual(code('BAD_INPUT'));
    await expect(complete([good, second, { number: 3, digest: '' }])).rejects.toEqual(code('BAD_INPUT'));
    await expect(complete([good, second], 'b')).rejects.toEqual(code('BAD_INPUT'));
    for (const number of [0, 3])
      await expect(uploads.put(upload, number, bytesOf('x'))).rejects.toEqual(code('BAD_INPUT'));
    await complete([good, second]);
    await expect(uploads.put(upload, 1, bytesOf('x'))).rejects.toEqual(code('CONFLICT'));
    expect(() => uploads.begin(owner, '../a', 1)).toThrowError(code('BAD_NAME'));
  });

  it('leave nothing when they are given up, forgotten, or broken off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const uploads = uploadsWith();
    const files = () => parts.blobs.sweep();
    const first = uploads.begin(owner, 'a', 2).upload;
    await uploads.put(first, 1, bytesOf('one'));
    uploads.abort(first);
    uploads.abort(first);
    await expect(uploads.put(first, 2, bytesOf('two'))).rejects.toEqual(code('NOT_FOUND'));
    const second = uploads.begin(owner, 'a', 2).upload;
    await uploads.put(second, 1, bytesOf('one'));
    vi.advanceTimersByTime(MULTIPART_LIMITS.idleMs);
    await expect(uploads.put(second, 2, bytesOf('two'))).rejects.toEqual(code('NOT_FOUND'));
    const third = uploads.begin(owner, 'a', 2).upload;
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('half');
      vi.advanceTimersByTime(3 * MULTIPART_LIMITS.idleMs); // a slow part is not an idle one
      throw new Error('the sender left');
    };
    await expect(uploads.put(third, 1, broken())).rejects.toThrow('the sender left');
    await uploads.put(third, 1, bytesOf('whole'));
    const fourth = uploads.begin(owner, 'b', 1).upload;
    const { promise: underWay, resolve: begin } = Promise.withResolvers<void>();
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (;;) {
        yield Buffer.alloc(100);
        begin();
        await turn();
      }
    };
    const writing = uploads.put(fourth, 1, endless());
    await underWay;
    await uploads.close();
    await expect(writing).rejects.toThrow();
    expect([room.files.list(owner, ''), parts.blobs.usage().blobs, await files()]).toEqual([[], 0, 0]);
  });

  it('leave nothing after the engine ended in their midst', async () => {
    const uploads = uploadsWith();
    const { upload } = uploads.begin(owner, 'a', 2);
    await uploads.put(upload, 1, bytesOf('one'));
    parts = parts.reopen();
    expect(await parts.blobs.sweep()).toBe(1);
    const after = new TrackingRoom(parts);
    await expect(after.uploads.put(upload, 2, bytesOf('two'))).rejects.toEqual(code('NOT_FOUND'));
    expect(after.files.list(owner, '')).toEqual([]);
  });

  it('stay within bounds, of a part, of all that waits, and of how many there are', async () => {
    const uploads = uploadsWith({ parts: 3, partBytes: 10, waitingBytes: 15, uploads: 2 });
    const { upload } = uploads.begin(owner, 'a', 3);
    await expect(uploads.put(upload, 1, bytesOf('x'.repeat(11)))).rejects.toEqual(code('TOO_LARGE'));
    await uploads.put(upload, 1, bytesOf('1'.repeat(10)));
    await expect(uploads.put(upload, 2, bytesOf('2'.repeat(6)))).rejects.toEqual(code('TOO_LARGE'));
    await uploads.put(upload, 1, bytesOf('3'.repeat(4))); // replaces what was larger
    await uploads.put(upload, 2, bytesOf('4'.repeat(10)));
    expect(() => uploads.begin(owner, 'b', 4)).toThrowError(code('TOO_LARGE'));
    uploads.begin(owner, 'b', 1);
    expect(() => uploads.begin(owner, 'c', 1)).toThrowError(code('CONFLICT'));
    uploads.abort(upload);
    const next = uploads.begin(owner, 'c', 2).upload;
    await uploads.put(next, 1, bytesOf('5'.repeat(10)));
  });
});
