import { describe, expect, it } from 'vitest';
import { previewArtifact } from './preview-artifact.ts';

const preview = (path: string, content: Buffer | string, chunkBytes = 1000) => {
  const bytes = Buffer.from(content as string);
  return previewArtifact({
    path,
    sizeBytes: bytes.length,
    read: async function* () {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  });
};

describe('the preview of an artifact', () => {
  it('is its text', async () => {
    expect(await preview('notes/read me.md', '# مرحبا')).toEqual({
      kind: 'text',
      text: '# مرحبا',
      truncated: false,
    });
    expect(await preview('empty.txt', '')).toEqual({ kind: 'text', text: '', truncated: false });
  });

  it('is the start of a long text, without half a character', async () => {
    const found = await preview('log.txt', `x${'م'.repeat(200_000)}`, 65_536);
    expect(found).toMatchObject({ kind: 'text', truncated: true });
    expect(found.kind === 'text' && /^xم+$/.test(found.text)).toBe(true);
  });

  it('is a small picture, and nothing of a large one or of bytes', async () => {
    expect(await preview('plots/roc.PNG', Buffer.from([1, 2, 3]))).toEqual({
      kind: 'image',
      mediaType: 'image/png',
      base64: 'AQID',
    });
    expect(await preview('big.jpg', Buffer.alloc(5_000_000))).toEqual({ kind: 'none', reason: 'large' });
    expect(await preview('model.bin', Buffer.from([0, 1]))).toEqual({ kind: 'none', reason: 'binary' });
    expect(await preview('model.bin', Buffer.from([0xff, 0xfe, 0x41]))).toEqual({
      kind: 'none',
      reason: 'binary',
    });
    // Pictures that may run scripts are shown as their text.
    expect(await preview('plot.svg', '<svg/>')).toMatchObject({ kind: 'text' });
  });
});
