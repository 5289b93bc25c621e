import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countRows, rowsOf, typesOf } from '../../../../test/fixtures/read-tables.ts';
import { readTableFile } from '../table-file.ts';
import { readFiles } from './read-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-read-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Uint8Array): string => {
  const target = path.join(folder, name);
  writeFileSync(target, content);
  return target;
};

/** A file of many bytes that takes no room on the disk. */
function sparse(name: string, head: string, bytes: number): string {
  const target = file(name, head);
  const descriptor = openSync(target, 'r+');
  ftruncateSync(descriptor, bytes);
  closeSync(descriptor);
  return target;
}

describe('values', () => {
  it('of every type come through CSV', async () => {
    const text = [
      'whole,wide,half,yes,day,at,zoned,text',
      '1,9007199254740993,0.5,true,2024-02-29,2024-02-29 12:00:00.000001,2024-02-29T12:00:00+04:00,short',
      `,,,,,,,`,
      '-7,-1,NaN,false,1969-12-31,1969-12-31 23:59:59,2024-01-01T00:00:00Z,a text that is longer than twelve bytes',
    ];
    const table = await readTableFile(file('types.csv', `${text.join('\n')}\n`));
    expect(typesOf(table)).toEqual([
      'whole:int64',
      'wide:int64',
      'half:float64',
      'yes:bool',
      'day:date',
      'at:timestamp',
      'zoned:timestamp',
      'text:string',
    ]);
    expect(rowsOf(table)).toEqual([
      [
        1,
        '9007199254740993',
        0.5,
        true,
        '2024-02-29',
        '2024-02-29T12:00:00.000001Z',
        '2024-02-29T08:00:00Z',
        'short',
      ],
      [null, null, null, null, null, null, null, null],
      [
        -7,
        '-1',
        null,
        false,
        '1969-12-31',
        '1969-12-31T23:59:59Z',
        '2024-01-01T00:00:00Z',
        'a text that is longer than twelve bytes',
      ],
    ]);
  });

  it('keep Arabic, quotes, delimiters and line ends in text', async () => {
    const table = await readTableFile(
      file('text.csv', 'name;note\nدبي;"a ""quoted""; one"\nالعين;"two\nlines"\n'),
    );
    expect(rowsOf(table)).toEqual([
      ['دبي', 'a "quoted"; one'],
      ['العين', 'two\nlines'],
    ]);
  });

  it('keep texts apart that share their first bytes, over many groups of rows', async () => {
    const lines = Array.from({ length: 300_000 }, (_, row) =>
      row % 2 === 0 ? `s${row % 1000}` : `a longer text, number ${row % 777}`,
    );
    const table = await readTableFile(file('many.tsv', `v\n${lines.join('\n')}\n`));
    const [column] = table.columns;
    expect(column!.type === 'string' && column!.dictionary.length).toBe(500 + 777);
    expect(rowsOf(table).map(([value]) => value)).toEqual(lines);
  });

  it('come from JSON lines, nested ones as text', async () => {
    const table = await readTableFile(file('rows.ndjson', '{"a":1,"b":{"c":[1,2]}}\n{"a":null,"b":null}\n'));
    expect(typesOf(table)).toEqual(['a:int64', 'b:string']);
    expect(rowsOf(table)[1]).toEqual([null, null]);
  });

  it('come from the file that is named, not from one that its brackets would match', async () => {
    file('download1.csv', 'a\nwrong\n');
    expect(rowsOf(await readTableFile(file('download[1].csv', 'a\nright\n')))).toEqual([['right']]);
    expect(rowsOf(await readTableFile(file('what?.csv', 'a\nright\n')))).toEqual([['right']]);
  });

  it('of several files follow each other, and each n-th row counts over all', async () => {
    const files = [file('a.csv', 'v\n0\n1\n2\n'), file('b.csv', 'v\n3\n4\n5\n6\n')];
    const kept = await readFiles({ files, every: 3 }, async ({ groups }) => {
      const values: number[] = [];
      for await (const { columns } of groups) values.push(...(columns[0]!.values as Float64Array));
      return values;
    });
    expect(kept).toEqual([0, 3, 6]);
  });
});

describe('lines that do not all end alike', () => {
  const LATE = 30_000;

  it.each([
    ['a last line that another program wrote', 'id,name\r\n1,one\r\n2,two\n'],
    ['a header of Windows', 'id,name\r\n1,one\n2,two\n'],
    ['lines of Windows below', 'id,name\n1,one\r\n2,two\r\n'],
    ['an empty line between', 'id,name\n1,one\r\n\r\n2,two\n'],
  ])('are read as lines: %s', async (_what, text) => {
    const table = await readTableFile(file('mixed.csv', text));
    expect(typesOf(table)).toEqual(['id:int64', 'name:string']);
    expect(rowsOf(table)).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
  });

  it('keep the line ends in their texts', async () => {
    const table = await readTableFile(file('texts.csv', 'id,name\r\n1,"a\nb"\n2,"c\r\nd"\r\n'));
    expect(rowsOf(table)).toEqual([
      [1, 'a\nb'],
      [2, 'c\r\nd'],
    ]);
  });

  it('are read far below too, with columns that are derived from them', async () => {
    const text = `id;half\n${'1;0.5\n'.repeat(LATE)}2;1.5\r\n`;
    const table = await readTableFile(file('long.csv', text));
    expect(typesOf(table)).toEqual(['id:int64', 'half:float64']);
    expect([table.rows, rowsOf(table).at(-1)]).toEqual([LATE + 1, [2, 1.5]]);
    const derive = [{ name: 'twice', expression: 'half * 2' }];
    expect(
      await countRows([file('long.csv', text), file('short.csv', 'id;half\r\n3;1\r\n')], { derive }),
    ).toBe(LATE + 2);
  });

  it('are refused by name where the file is not UTF-8 either', async () => {
    const latin = Buffer.from('id,name\r\n1,caf\xe9\n2,two\n', 'latin1');
    await expect(readTableFile(file('latin.csv', latin))).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      message: 'The lines of "latin.csv" do not all end alike.',
      hint: expect.stringContaining('dos2unix'),
    });
  });
});

describe('files of other kinds', () => {
  it.each([
    ['orders.csv.gz', 'zcat FILE | falaj data import -'],
    ['app.db', 'connections add NAME --kind sqlite'],
    ['notebook.DUCKDB', 'connections add NAME --kind duckdb'],
    ['sheet.xlsx', 'as CSV'],
    ['orders.dat', '--format csv'],
  ])('are refused with the way in: %s', async (name, hint) => {
    await expect(readTableFile(file(name, 'x'))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      hint: expect.stringContaining(hint),
    });
  });
});

describe('files that are not what they seem', () => {
  it.each([
    ['a ragged line', 'x.csv', 'a,b\n1,2\n3\n', 'Line 3 of "x.csv" has 1 fields; the header has 2.'],
    [
      'a quote that never ends',
      'x.csv',
      'a,b\n1,"2\n3,4\n',
      'Line 2 of "x.csv" cannot be read: a double quote is not closed.',
    ],
    ['bytes that are no text', 'x.csv', Uint8Array.of(0x61, 0, 0xff, 0xfe, 0x0a), '"x.csv" is not text.'],
    ['a first line that names no column', 'x.csv', '\n\n\n', 'The first line of "x.csv" names no column.'],
    ['bytes of another sort', 'x.parquet', 'a,b\n1,2\n', '"x.parquet" is not a Parquet file.'],
    [
      'a broken JSON line',
      'x.ndjson',
      '{"a":1}\n{"a":\n',
      'Line 2 of "x.ndjson" cannot be read: it ends too early.',
    ],
    [
      'one key twice',
      'x.ndjson',
      '{"a":1}\n{"a":"secret","a":2}\n',
      'Line 2 of "x.ndjson" cannot be read: it has one key twice.',
    ],
    ['JSON that is no object', 'x.ndjson', '[1,2]\n', '"x.ndjson" is not made of lines of JSON objects.'],
  ])('are refused for %s', async (_what, name, content, message) => {
    const refused = readTableFile(file(name, content));
    await expect(refused).rejects.toMatchObject({ code: 'MALFORMED_FILE' });
    await expect(refused).rejects.toThrow(message);
  });

  it.each([
    [
      'a ragged line',
      'x.csv',
      'a,b\n',
      '1,2\n',
      '3\n',
      'Line 90002 of "x.csv" has 1 fields; the header has 2.',
    ],
    [
      'a broken JSON line',
      'x.ndjson',
      '',
      '{"a":1}\n',
      '{"a":\n',
      'Line 90001 of "x.ndjson" cannot be read: it ends too early.',
    ],
  ])(
    'are refused for %s far below, with nothing kept of what is above',
    async (_what, name, head, line, last, message) => {
      const refused = countRows([file(name, `${head}${line.repeat(90_000)}${last}`)]);
      await expect(refused).rejects.toMatchObject({ code: 'MALFORMED_FILE' });
      await expect(refused).rejects.toThrow(message);
    },
  );

  it('are read to their end when the type of a column changes far below', async () => {
    expect(await countRows([file('x.csv', `a,b\n${'1,2\n'.repeat(90_000)}x,2\n`)])).toBe(90_001);
  });

  it('are named when they are one of several', async () => {
    const files = [file('good.csv', 'a,b\n1,2\n'), file('bad.csv', 'a,b\n1\n')];
    await expect(countRows(files)).rejects.toThrow('Line 2 of "bad.csv" has 1 fields; the header has 2.');
  });

  it('do not take the blame for an expression that fails on a value', async () => {
    const derive = [{ name: 'n', expression: 'CAST(v AS BIGINT)' }];
    await expect(countRows([file('x.csv', 'v\n1\nx\n')], { derive })).rejects.toMatchObject({
      code: 'BAD_EXPRESSION',
      message: expect.stringContaining('"n"'),
    });
  });

  it('are refused in Windows code pages by name', async () => {
    const arabic = Buffer.from([0xcf, 0xc8, 0xed, 0x90, 0x81, 0x8d]);
    const refused = readTableFile(
      file('x.csv', Buffer.concat([Buffer.from('city\n'), arabic, Buffer.from('\n')])),
    );
    await expect(refused).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      message: expect.stringContaining('UTF-8'),
    });
  });

  it('are refused when they are folders', async () => {
    mkdirSync(path.join(folder, 'folder.csv'));
    await expect(readTableFile(path.join(folder, 'folder.csv'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });

  it.each([
    ['from the first byte on', ''],
    ['below a header', 'a,b\n'],
  ])(
    'are refused quickly when they are 1 GB of one line %s',
    async (_where, head) => {
      const started = performance.now();
      await expect(readTableFile(sparse('line.csv', head, 2 ** 30))).rejects.toMatchObject({
        code: 'MALFORMED_FILE',
      });
      expect(performance.now() - started).toBeLessThan(3_000);
    },
    15_000,
  );

  it('are refused when they change while they are read', async () => {
    const growing = file('growing.csv', 'v\n1\n2\n');
    const refused = readFiles({ files: [growing] }, async ({ groups }) => {
      for await (const _ of groups) appendFileSync(growing, '3\n');
    });
    await expect(refused).rejects.toMatchObject({ code: 'FILE_CHANGED_WHILE_READING' });
  });
});

describe('the child that reads', () => {
  it('hands its rows over after the work that goes first, and does not keep who stops it waiting', async () => {
    const rows = file('a.csv', 'a\n1\n2\n');
    const order: string[] = [];
    const read = await countRows([rows], {
      meanwhile: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        order.push('work');
      },
      onProgress: () => order.push('rows'),
    });
    expect(read).toBe(2);
    expect(order.slice(0, 2)).toEqual(['work', 'rows']);

    const controller = new AbortController();
    const endless = countRows([rows], {
      signal: controller.signal,
      meanwhile: () => {
        setTimeout(() => controller.abort(), 300);
        return new Promise(() => undefined);
      },
    });
    await expect(endless).rejects.toThrow();
  });

  const long = (): string => file('long.csv', `v,w\n${'12345,some text\n'.repeat(1_500_000)}`);

  it('is ended when it takes too much memory, or too long', async () => {
    const big = long();
    await expect(countRows([big], { memoryLimitBytes: 50_000_000 })).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
    });
    await expect(countRows([big], { timeLimitMs: 50 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  it('is ended when the work is cancelled', async () => {
    const controller = new AbortController();
    const stopped = countRows([long()], { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toThrow();
  });

  it('reads no other file, whatever an expression says', async () => {
    const derive = [{ name: 'x', expression: 'CAST(content AS VARCHAR) || (SELECT 1)' }];
    await expect(countRows([file('a.csv', 'content\n1\n')], { derive })).rejects.toMatchObject({
      code: 'BAD_EXPRESSION',
    });
  });
});
