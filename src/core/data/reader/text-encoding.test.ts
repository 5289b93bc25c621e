import { describe, expect, it } from 'vitest';
import { detectEncoding } from './text-encoding.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('text that is not UTF-8', () => {
  it.each([
    ['Spanish', 'name,city\nJosé,Málaga\nAna,Córdoba\n'],
    ['French', 'nom,ville\nHélène,Besançon\nFrançois,Orléans\n'],
    ['German', 'name,ort\nJürgen,München\nGroß,Köln\n'],
    ['Portuguese', 'nome,cidade\nJoão,São Paulo\nConceição,Évora\n'],
    ['one name among plain lines', `name,v\n${'abc,1\n'.repeat(100_000)}José,2\n`],
  ])('is Latin-1 when it is %s', (_what, text) => {
    expect(detectEncoding(latin1(text))).toBe('latin-1');
  });

  it.each([
    ['Arabic in windows-1256', [0xcf, 0xc8, 0xed, 0x2c, 0xc3, 0xc8, 0xe6, 0xd9, 0xc8, 0xed, 0x0a]],
    ['one Arabic letter a field', [0x61, 0x2c, 0xd0, 0x0a, 0x62, 0x2c, 0xc3, 0x0a]],
    ['Russian in windows-1251', [0xc8, 0xe2, 0xe0, 0xed, 0x2c, 0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0, 0x0a]],
    ['Polish in ISO-8859-2', [0xa3, 0x75, 0x6b, 0x61, 0x73, 0x7a, 0x2c, 0xa3, 0xf3, 0x64, 0xbc, 0x0a]],
    ['a Windows quotation mark', [0x61, 0x93, 0x62, 0x94, 0x0a]],
  ])('is not taken for Latin-1 when it is %s', (_what, bytes) => {
    expect(detectEncoding(Buffer.from(bytes))).not.toBe('latin-1');
  });
});
