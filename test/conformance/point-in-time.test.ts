import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTableFile } from '../../src/core/data/index.ts';
import type { Table } from '../../src/shared/table/column.ts';
import { type Cell, type FeatureWorkspace, openFeatureWorkspace } from '../fixtures/feature-workspace.ts';

/**
 * The rules of docs/pit-semantics.md, one by one, on a real workspace: a file is imported into encrypted segments, a
 * definition is applied, a training set is written and read back.
 */
let workspace: FeatureWorkspace;

beforeAll(async () => {
  workspace = await openFeatureWorkspace();
  workspace.apply(
    { kind: 'Entity', name: 'place', keys: [{ name: 'place', type: 'string' }] },
    {
      kind: 'Entity',
      name: 'pair',
      keys: [
        { name: 'a', type: 'int64' },
        { name: 'b', type: 'int64' },
      ],
    },
  );
});
afterAll(() => workspace.close());

let names = 0;

/** Enough rows of the far future to make a join leave the engine's own thread. */
const PADDING_ROWS = 25_000;

interface Question {
  /** Lines of `place,at,known,value`, or of the columns given. */
  readonly history: readonly string[];
  readonly columns?: string;
  readonly view?: object;
  readonly source?: object;
  /** Lines of `place,event_time`, or of the columns given. */
  readonly spine: readonly string[];
  readonly spineColumns?: string;
  readonly asKnown?: string;
}

describe.each(['inline', 'in a thread of its own'])(
  'a point-in-time join %s',
  { timeout: 120_000 },
  (mode) => {
    const padded = (columns: string, history: readonly string[]): string => {
      const far = columns
        .split(',')
        .map(
          (name) =>
            ({ at: '2100-01-01T00:00:00Z', known: '2100-01-01T00:00:00Z', place: 'far' })[name] ?? '0',
        )
        .join(',');
      const padding = mode === 'inline' ? [] : new Array<string>(PADDING_ROWS).fill(far);
      return `${[columns, ...history, ...padding].join('\n')}\n`;
    };

    const prepared = async (question: Omit<Question, 'spine'>): Promise<string> => {
      const name = `view${names++}`;
      const { columns = 'place,at,known,value', history } = question;
      await workspace.importHistory({
        name,
        csv: padded(columns, history),
        ...(columns.includes('known') ? { knownTime: 'known' } : {}),
      });
      workspace.apply({
        kind: 'FeatureView',
        name,
        entities: ['place'],
        source: { dataset: name, ...question.source },
        features: [{ name: 'value' }],
        ...question.view,
      });
      return name;
    };
    const spineOf = ({ spine, spineColumns = 'place,event_time' }: Question): string =>
      `${[spineColumns, ...spine].join('\n')}\n`;

    const ask = async (question: Question): Promise<Record<string, Cell[]>> => {
      const name = await prepared(question);
      const asKnown = question.asKnown === undefined ? {} : { asKnown: question.asKnown };
      const rows = await workspace.rows({ features: [`${name}:*`], csv: spineOf(question), ...asKnown });
      return Object.fromEntries(
        Object.entries(rows).map(([column, cells]) => [column.replace(`${name}__`, ''), cells]),
      );
    };
    const values = async (question: Question): Promise<Cell[] | undefined> => (await ask(question))['value'];

    const NOON = '2026-03-01T12:00:00Z';
    const day = { ttl: '24h' };

    it('C1 a row at exactly T is used', async () => {
      expect(await values({ history: [`x,${NOON},${NOON},5`], spine: [`x,${NOON}`] })).toEqual([5]);
    });

    it('C2 a row at exactly T − ttl is used', async () => {
      const spine = ['x,2026-03-02T12:00:00Z'];
      expect(await values({ history: [`x,${NOON},${NOON},5`], spine, view: day })).toEqual([5]);
    });

    it('C3 a row a microsecond older than T − ttl is expired: the spine row stays, its values are null', async () => {
      const spine = ['x,2026-03-02T12:00:00.000001Z'];
      expect(await ask({ history: [`x,${NOON},${NOON},5`], spine, view: day })).toEqual({
        place: ['x'],
        event_time: ['2026-03-02T12:00:00.000001Z'],
        value: [null],
      });
    });

    it('C4 only later rows: the spine row stays, its values are null', async () => {
      const history = [`x,2026-03-01T12:00:00.000001Z,${NOON},5`];
      expect(await ask({ history, spine: [`x,${NOON}`] })).toMatchObject({ place: ['x'], value: [null] });
    });

    it('C5 only expired rows: the spine row stays, its values are null', async () => {
      const history = [`x,2026-02-01T00:00:00Z,${NOON},5`, `x,2026-02-02T00:00:00Z,${NOON},6`];
      expect(await ask({ history, spine: [`x,${NOON}`], view: day })).toMatchObject({
        place: ['x'],
        value: [null],
      });
    });

    it('C6 of rows with one event time the one known last wins', async () => {
      const history = [
        'x,2026-03-01T09:00:00Z,2026-03-01T10:05:00Z,2',
        'x,2026-03-01T09:00:00Z,2026-03-01T10:00:00Z,1',
      ];
      expect(await values({ history, spine: [`x,${NOON}`] })).toEqual([2]);
    });

    it('C7 of rows with the same times the one that arrived last wins, every time', async () => {
      const name = await prepared({ history: [7, 8].map((value) => `x,${NOON},${NOON},${value}`) });
      const service = `${name}-service`;
      workspace.apply({ kind: 'FeatureService', name: service, features: [`${name}:*`] });
      const spine = await readTableFile(workspace.written(`place,event_time\nx,${NOON}\n`));
      for (let repeat = 0; repeat < (mode === 'inline' ? 100 : 10); repeat++) {
        const [column] = await workspace.features.join({
          service,
          spine,
          eventTime: 'event_time',
          asKnown: null,
        });
        expect([...column!.values]).toEqual([8]);
      }
    });

    it('C8 an unknown known time comes before any other, and is out under a cut-off', async () => {
      const history = [`x,${NOON},2026-03-01T12:30:00Z,1`, `x,${NOON},,2`, `y,${NOON},,3`];
      const spine = ['x,2026-03-02T00:00:00Z', 'y,2026-03-02T00:00:00Z'];
      expect(await values({ history, spine })).toEqual([1, 3]);
      expect(await values({ history, spine, asKnown: 'row' })).toEqual([1, null]);
      expect(await values({ history, spine, asKnown: '2026-03-02T00:00:00Z' })).toEqual([1, null]);
    });

    it.each([1, 63, 64, 1000])('C9 a null in the newest row stays null, for %d spine rows', async (rows) => {
      const history = [
        'x,2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,5',
        'x,2026-03-01T09:00:00Z,2026-03-01T09:00:00Z,',
      ];
      const spine = new Array<string>(rows).fill(`x,${NOON}`);
      expect(await values({ history, spine })).toEqual(new Array(rows).fill(null));
    });

    it('C10 a null key matches nothing, not even a null key', async () => {
      const history = [`x,${NOON},${NOON},5`, `,${NOON},${NOON},6`];
      expect(await ask({ history, spine: [`x,${NOON}`, `,${NOON}`] })).toMatchObject({
        place: ['x', null],
        value: [5, null],
      });
    });

    it('C11 a null T matches nothing', async () => {
      const history = [`x,${NOON},${NOON},5`];
      expect(await ask({ history, spine: ['x,', `x,${NOON}`] })).toMatchObject({
        place: ['x', 'x'],
        value: [null, 5],
      });
    });

    it('C12 spine rows of one key and time all stay, in order', async () => {
      const spine = ['a', 'b', 'c'].map((label) => `${label},x,${NOON}`);
      const asked = { spine, spineColumns: 'label,place,event_time' };
      expect(await ask({ history: [`x,${NOON},${NOON},5`], ...asked })).toMatchObject({
        label: ['a', 'b', 'c'],
        value: [5, 5, 5],
      });
    });

    it('C13 composite keys are compared part by part', async () => {
      const asked = { columns: 'a,b,at,value', view: { entities: ['pair'] }, spineColumns: 'a,b,event_time' };
      const history = [`1,23,${NOON},10`, `12,3,${NOON},20`];
      const spine = [`12,3,${NOON}`, `1,23,${NOON}`, `123,0,${NOON}`, `1,3,${NOON}`];
      expect(await values({ history, spine, ...asked })).toEqual([20, 10, null, null]);
    });

    it('C14 one view is joined as origin and as destination', async () => {
      const name = await prepared({ history: [`x,${NOON},${NOON},1`, `y,${NOON},${NOON},2`] });
      const as = (alias: string) => ({ view: name, as: alias, keys: { place: alias } });
      workspace.apply({
        kind: 'FeatureService',
        name: `${name}-trip`,
        features: [as('origin'), as('destination')],
      });
      const csv = `origin,destination,event_time\nx,y,${NOON}\ny,z,${NOON}\n`;
      expect(await workspace.rows({ service: `${name}-trip`, csv })).toMatchObject({
        origin__value: [1, 2],
        destination__value: [2, null],
      });
    });

    it('C15 a view without entities is joined by time alone', async () => {
      const history = ['x,2026-03-01T08:00:00Z,1', 'y,2026-03-01T10:00:00Z,2'];
      const spine = ['x,2026-03-01T09:00:00Z', ',2026-03-01T11:00:00Z', 'z,2026-03-01T07:00:00Z'];
      const asked = { columns: 'place,at,value', view: { entities: [] } };
      expect(await values({ history, spine, ...asked })).toEqual([1, 2, null]);
    });

    it('C16 an instant is the same whatever zone it is written in', async () => {
      const written = [
        '2026-07-01 12:00:00.000001',
        '2026-07-01T12:00:00.000001Z',
        '2026-07-01T16:00:00.000001+04:00',
        '2026-07-01 14:00:00.000001 Europe/Berlin',
      ];
      const spine = ['2026-07-01T12:00:00Z', ...written].map((time) => `x,${time}`);
      for (const event of written) {
        const history = [`x,${event},5`];
        expect(await values({ columns: 'place,at,value', history, spine })).toEqual([null, 5, 5, 5, 5]);
      }
    });

    it('C17 a history in seconds, milli-, micro- and nanoseconds is the same; lost digits are refused', async () => {
      const query = (type: string, fraction = ''): string =>
        `SELECT 'x' AS place, CAST('2026-03-01 12:00:00${fraction}' AS ${type}) AS at, 5 AS value
       FROM range(${mode === 'inline' ? 1 : PADDING_ROWS})`;
      const cases = [
        ['TIMESTAMP_S', ''],
        ['TIMESTAMP_MS', ''],
        ['TIMESTAMP', ''],
        ['TIMESTAMP_NS', ''],
        ['TIMESTAMP_MS', '.001'],
        ['TIMESTAMP', '.001'],
        ['TIMESTAMP_NS', '.001'],
      ] as const;
      for (const [type, fraction] of cases) {
        const name = `unit${names++}`;
        await workspace.importHistory({ name, file: await workspace.parquet(query(type, fraction)) });
        workspace.apply({
          kind: 'FeatureView',
          name,
          entities: ['place'],
          source: { dataset: name },
          features: [{ name: 'value' }],
        });
        const csv = `place,event_time\nx,2026-03-01T11:59:59.999999Z\nx,${NOON}\nx,2026-03-01T12:00:00.001Z\n`;
        const rows = await workspace.rows({ features: [`${name}:value`], csv });
        expect(rows[`${name}__value`]).toEqual([null, fraction === '' ? 5 : null, 5]);
      }
      const fine = await workspace.parquet(query('TIMESTAMP_NS', '.000000001'));
      await expect(workspace.importHistory({ name: 'fine', file: fine })).rejects.toMatchObject({
        code: 'TYPE_MISMATCH',
      });
    });

    it('C18 an older event that is told later does not win', async () => {
      const history = [
        'x,2026-03-01T10:00:00Z,2026-03-01T10:00:00Z,2',
        'x,2026-03-01T09:00:00Z,2026-03-01T11:00:00Z,1',
      ];
      expect(await values({ history, spine: [`x,${NOON}`] })).toEqual([2]);
    });

    it('C19 a row known a microsecond after K is not seen, and nothing is borrowed from another key', async () => {
      const history = [
        'x,2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,1',
        `x,2026-03-01T09:00:00Z,2026-03-01T12:00:00.000001Z,2`,
        'y,2026-03-01T09:00:00Z,2026-03-01T12:00:00.000001Z,3',
        'z,2026-03-01T09:00:00Z,2026-03-01T12:00:00Z,4',
      ];
      const spine = ['x', 'y', 'z'].map((place) => `${place},2026-03-02T00:00:00Z`);
      expect(await values({ history, spine, asKnown: NOON })).toEqual([1, null, 4]);
    });

    it('C20 a back-fill does not change what was known before, to the byte', async () => {
      const before = [
        'x,2026-03-01T08:00:00Z,2026-03-01T08:00:00Z,1',
        'y,2026-03-01T08:00:00Z,2026-03-01T08:30:00Z,2',
      ];
      const late = [
        'x,2026-03-01T09:00:00Z,2026-03-05T00:00:00Z,9',
        'y,2026-03-01T07:00:00Z,2026-03-05T00:00:00Z,9',
      ];
      const view = {
        features: [{ name: 'value' }, { name: 'sum', aggregate: { fn: 'sum', of: 'value', window: '1d' } }],
      };
      const name = await prepared({ history: before, view });
      const built = {
        features: [`${name}:*`],
        csv: `place,event_time\nx,${NOON}\ny,${NOON}\n`,
        asKnown: '2026-03-02T00:00:00Z',
      };
      const first = await workspace.digest(built);
      const columns = 'place,at,known,value';
      await workspace.importHistory({ name, csv: padded(columns, [...before, ...late]), knownTime: 'known' });
      expect(await workspace.digest(built)).toBe(first);
      expect(await workspace.digest({ ...built, asKnown: '2026-03-05T00:00:00Z' })).not.toBe(first);
    });

    /** A view over rows of which later imports have corrected some. */
    const corrected = async (
      history: readonly string[],
      corrections: readonly (readonly string[])[],
      source: object = {},
    ): Promise<string> => {
      const sum = { fn: 'sum', of: 'value', window: '1d' };
      const features = [
        { name: 'value' },
        { name: 'sum', aggregate: sum },
        { name: 'rows', aggregate: { fn: 'count', of: '*', window: '1d' } },
        { name: 'most', aggregate: { ...sum, fn: 'max' } },
        { name: 'last', aggregate: { ...sum, fn: 'last' } },
      ];
      const name = await prepared({ history, view: { features }, source });
      const columns = 'place,at,known,value';
      for (const rows of corrections) {
        const csv = `${[columns, ...rows].join('\n')}\n`;
        await workspace.importHistory({ name, csv, knownTime: 'known', upsertBy: ['place'] });
      }
      return name;
    };
    const hours = (name: string, asKnown: string | null, ...times: readonly string[]) =>
      workspace
        .rows({
          features: [`${name}:*`],
          csv: `place,event_time\n${times.map((time) => `x,2026-03-01T${time}Z\n`).join('')}`,
          ...(asKnown === null ? {} : { asKnown }),
        })
        .then((rows) =>
          ['value', 'sum', 'rows', 'most', 'last'].map((feature) => rows[`${name}__${feature}`]),
        );
    const EIGHT = 'x,2026-03-01T08:00:00Z';

    it('C26 a corrected row counts until its correction is known, and never beside it', async () => {
      const name = await corrected(
        [`${EIGHT},2026-03-01T08:00:00Z,5`, 'x,2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,1'],
        [[`${EIGHT},2026-03-01T10:00:00Z,2`]],
      );
      const times = ['07:30:00', '08:00:00', '09:59:59.999999', '10:00:00'];
      expect(await hours(name, 'row', ...times)).toEqual([
        [1, 5, 5, 2],
        [1, 6, 6, 3],
        [1, 2, 2, 2],
        [1, 5, 5, 2],
        [1, 5, 5, 2],
      ]);
      const before = [[5], [6], [2], [5], [5]];
      const after = [[2], [3], [2], [2], [2]];
      expect(await hours(name, '2026-03-01T09:59:59.999999Z', '12:00:00')).toEqual(before);
      expect(await hours(name, '2026-03-01T10:00:00Z', '12:00:00')).toEqual(after);
      expect(await hours(name, null, '12:00:00')).toEqual(after);
    });

    it('C27 of several corrections the last to arrive counts among those that are known', async () => {
      const name = await corrected(
        [`${EIGHT},2026-03-01T08:00:00Z,5`],
        [[`${EIGHT},2026-03-01T11:00:00Z,6`], [`${EIGHT},2026-03-01T10:00:00Z,7`]],
      );
      const [value, sum, rows] = await hours(name, 'row', '09:00:00', '10:00:00', '11:00:00');
      expect([value, sum, rows]).toEqual([
        [5, 7, 7],
        [5, 7, 7],
        [1, 1, 1],
      ]);
    });

    it('C28 a correction ends a row also where a filter leaves the correction out', async () => {
      const name = await corrected(
        [`${EIGHT},2026-03-01T08:00:00Z,5`, 'x,2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,1'],
        [[`${EIGHT},2026-03-01T10:00:00Z,-1`, 'x,2026-03-01T07:00:00Z,2026-03-01T11:00:00Z,-1']],
        { filter: 'value > 0' },
      );
      const [value, sum, rows] = await hours(name, 'row', '09:00:00', '10:00:00', '11:00:00');
      expect([value, sum, rows]).toEqual([
        [5, 1, null],
        [6, 1, null],
        [2, 1, 0],
      ]);
    });

    it('C29 a correction does not change what was known before, to the byte', async () => {
      const name = await corrected([`${EIGHT},2026-03-01T08:00:00Z,5`], []);
      const built = {
        features: [`${name}:*`],
        csv: `place,event_time\nx,${NOON}\n`,
        asKnown: '2026-03-01T12:00:00Z',
      };
      const first = await workspace.digest(built);
      const csv = `place,at,known,value\n${EIGHT},2026-03-05T00:00:00Z,9\n`;
      await workspace.importHistory({ name, csv, knownTime: 'known', upsertBy: ['place'] });
      expect(await workspace.digest(built)).toBe(first);
      expect(await workspace.digest({ ...built, asKnown: '2026-03-05T00:00:00Z' })).not.toBe(first);
    });

    it.each([
      ['UTC', '2026-03-01T00:00:00'],
      ['Asia/Dubai', '2026-02-28T20:00:00'],
    ])('C25 a day starts at midnight in the declared zone: %s', async (zone, midnight) => {
      const columns = 'place,at,value';
      const padding = mode === 'inline' ? [] : new Array<string>(PADDING_ROWS).fill('far,2100-01-01,0');
      const name = `day${names++}`;
      const csv = `${[columns, 'x,2026-03-01,5', ...padding].join('\n')}\n`;
      await workspace.importHistory({ name, csv });
      workspace.apply({
        kind: 'FeatureView',
        name,
        entities: ['place'],
        source: { dataset: name, zone },
        features: [{ name: 'value' }],
      });
      const before = new Date(Date.parse(`${midnight}Z`) - 1000).toISOString().slice(0, 19);
      const spine = [`${before}.999999Z`, `${midnight}Z`, `${midnight}.000001Z`].map((time) => `x,${time}`);
      const rows = await workspace.rows({
        features: [`${name}:value`],
        csv: `${['place,event_time', ...spine].join('\n')}\n`,
      });
      expect(rows[`${name}__value`]).toEqual([null, 5, 5]);
    });
  },
);

/** Sum of a feature over the spine rows that have it, and their number. */
async function sum(history: string, spine: string): Promise<{ sum: number; matched: number }> {
  const name = `sums${names++}`;
  await workspace.importHistory({ name, file: await workspace.parquet(history) });
  workspace.apply(
    { kind: 'Entity', name: 'k', keys: [{ name: 'k', type: 'int64' }] },
    {
      kind: 'FeatureView',
      name,
      entities: ['k'],
      source: { dataset: name },
      features: [{ name: 'v' }],
    },
    { kind: 'FeatureService', name: `${name}-service`, features: [`${name}:v`] },
  );
  const table: Table = await readTableFile(await workspace.parquet(spine));
  const service = `${name}-service`;
  const [column] = await workspace.features.join({
    service,
    spine: table,
    eventTime: 'event_time',
    asKnown: null,
  });
  const values = column!.values as Float64Array;
  let total = 0;
  let matched = 0;
  for (let row = 0; row < table.rows; row++) {
    if (column!.validity !== null && column!.validity[row] === 0) continue;
    total += values[row]!;
    matched++;
  }
  return { sum: total, matched };
}

describe('a large point-in-time join', { timeout: 120_000 }, () => {
  it('C21 keeps 100,000 shuffled spine rows with duplicates, in order', async () => {
    const name = `shuffled${names++}`;
    await workspace.importHistory({
      name,
      csv: `place,at,value\n${Array.from({ length: 500 }, (_, row) => `k${row % 50},${row * 20},${row}`)
        .map((line) =>
          line.replace(/,(\d+),/, (_all, second) => `,${new Date(Number(second) * 1000).toISOString()},`),
        )
        .join('\n')}\n`,
    });
    workspace.apply({
      kind: 'FeatureView',
      name,
      entities: ['place'],
      source: { dataset: name },
      features: [{ name: 'value' }],
    });
    const file = await workspace.parquet(
      `SELECT i AS id, 'k' || (hash(i % 70000) % 60) AS place,
              make_timestamp(CAST(hash((i % 70000) * 3) % 12000 * 1000000 AS BIGINT)) AS event_time
       FROM range(100000) t(i) ORDER BY hash(i * 7)`,
    );
    const before = await readTableFile(file);
    const after = await workspace.rows({ features: [`${name}:value`], file });
    expect(after['id']).toEqual([...before.columns[0]!.values]);
    expect(after[`${name}__value`]).toHaveLength(100_000);
  });

  it('PIT-7 sums the last of tied rows', async () => {
    expect(
      await sum(
        'SELECT i % 50 AS k, make_timestamp(CAST(CAST(i / 4 AS BIGINT) % 1000 * 1000000 AS BIGINT)) AS at, i AS v FROM range(200000) t(i)',
        'SELECT i % 50 AS k, make_timestamp(CAST(7 * i % 1000 * 1000000 AS BIGINT)) AS event_time FROM range(5000) t(i)',
      ),
    ).toEqual({ sum: 984_977_880, matched: 4_975 });
  });

  it('PIT-6 sums hourly questions to six million rows', async () => {
    const start = "TIMESTAMP '2021-01-01 00:00:00'";
    expect(
      await sum(
        `SELECT k, ${start} + to_seconds(i) AS at, i % 37 AS v FROM range(3000000) s(i), range(2) n(k)`,
        `SELECT k, ${start} + to_seconds(h * 3600 + 30) AS event_time FROM range(744) s(h), range(2) n(k)`,
      ),
    ).toEqual({ sum: 26_790, matched: 1_488 });
  });

  it('PIT-1 sums five million questions to five million rows', async () => {
    const start = "TIMESTAMP '2001-01-01 00:00:00'";
    expect(
      await sum(
        `SELECT k, ${start} + to_minutes(v) AS at, v FROM range(50) n(k), range(100000) s(v)`,
        `SELECT 2 * k AS k, ${start} + to_minutes(v) - to_seconds(30) AS event_time FROM range(50) n(k), range(100000) s(v)`,
      ),
    ).toEqual({ sum: 124_996_250_025, matched: 2_499_975 });
  });
});
