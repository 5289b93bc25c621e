import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../test/fixtures/visit-trainings.ts';

let rooms: VisitTrainings;

beforeAll(async () => {
  rooms = await openVisitTrainings();
  await rooms.importVisits(
    'at,town,price,bought\n2026-01-01T00:00:00Z,Dubai,2,true\n2026-01-02T00:00:00Z,Fujairah,3,false\n',
  );
});
afterAll(() => rooms.parts.close());

const check = (changes: Record<string, unknown>): Promise<{ ready: true }> =>
  rooms.training.check({ definition: visitTraining(changes) });

describe('a training before it is run', () => {
  it('is ready when all that it names is there', async () => {
    expect(await check({})).toEqual({ ready: true });
    expect(await check({ label: { column: 'dear', expression: 'price > 2' } })).toEqual({ ready: true });
  });

  it.each<[Record<string, unknown>, string, RegExp]>([
    [{ entities: { dataset: 'visit' } }, 'NOT_FOUND', /visit/],
    [{ columns: ['prize'] }, 'UNKNOWN_COLUMN', /columns: there is no column prize/],
    [{ label: { column: 'sold' } }, 'UNKNOWN_COLUMN', /label.column/],
    [{ split: { by: 'group', group: 'city' } }, 'UNKNOWN_COLUMN', /split.group/],
    [{ baseline: { groupBy: 'place' } }, 'UNKNOWN_COLUMN', /baseline.groupBy/],
    [{ weight: 'heavy' }, 'UNKNOWN_COLUMN', /weight/],
    [{ service: 'none' }, 'NOT_FOUND', /none/],
    [{ label: { column: 'late', expression: 'price >' } }, 'BAD_EXPRESSION', /late/],
    [{ label: { column: 'late', expression: 'prize > 3' } }, 'BAD_EXPRESSION', /prize/],
    [{ expressions: [{ name: 'x', expression: "read_text('/etc/passwd')" }] }, 'BAD_EXPRESSION', /x/],
  ])('says what is not there: %j', async (changes, code, message) => {
    await expect(check(changes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
