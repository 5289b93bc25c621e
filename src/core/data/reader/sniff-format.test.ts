import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sniffFormat } from './sniff-format.ts';

const sniff = (content: string | Uint8Array) =>
  sniffFormat(typeof content === 'string' ? Buffer.from(content) : content, 'standard input');

describe('the format of content without a name', () => {
  it.each([
    ['PAR1\0\0', 'parquet'],
    ['ARROW1\0\0', 'arrow'],
    ['{"a": 1}\n', 'ndjson'],
    ['\uFEFFa,b\n1,2\n', 'csv'],
    ['a\tb\n1\t2,5\n', 'tsv'],
    ['one column\n1\n', 'csv'],
  ])('tells %j as %s', (content, format) => expect(sniff(content)).toBe(format));

  it('tells an Arrow stream by the mark before its first message', () => {
    expect(sniff(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x10, 0, 0, 0))).toBe('arrow');
  });

  it('says that packed content has to be unpacked, and by what it is packed', () => {
    expect(() => sniff(gzipSync('a,b\n1,2\n'))).toThrow('What came from standard input is packed (gzip).');
  });

  it('refuses what is no table', () => {
    expect(() => sniff(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_FORMAT' }),
    );
  });
});
