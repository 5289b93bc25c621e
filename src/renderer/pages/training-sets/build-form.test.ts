import { describe, expect, it } from 'vitest';
import {
  addressOf,
  type BuildForm,
  buildCommand,
  canCheck,
  checkCommand,
  formOf,
  inputOf,
  receiptBeside,
  withColumns,
} from './build-form.ts';

const FORM: BuildForm = {
  service: 'orders_v1',
  features: [],
  without: ['shop__refund'],
  entities: '/data/my rows.csv',
  eventTime: 'at',
  label: 'late',
  known: 'row',
  instant: '',
};

describe('the form of a training set', () => {
  it.each([
    FORM,
    { ...FORM, known: 'newest' as const },
    { ...FORM, known: 'instant' as const, instant: '2026-02-01' },
    { ...FORM, service: '', features: ['shop:orders_24h', 'shop@2:late'] },
    formOf(''),
  ])('is what its address says: %j', (form) => {
    expect(formOf(addressOf(form).split('?')[1] ?? '')).toEqual(form);
  });

  it('asks the engine and the command line for the same', () => {
    expect(inputOf(FORM)).toEqual({
      service: 'orders_v1',
      without: ['shop__refund'],
      entities: '/data/my rows.csv',
      eventTime: 'at',
      asKnown: 'row',
    });
    expect(checkCommand(FORM)).toBe(
      "falaj features check --service orders_v1 --without shop__refund --entities '/data/my rows.csv' --event-time at --as-known row --label late",
    );
    const chosen: BuildForm = { ...FORM, service: '', features: ['shop:a'], without: [], known: 'newest' };
    expect(buildCommand(chosen, '/data/set.parquet', null)).toBe(
      "falaj features historical --features shop:a --entities '/data/my rows.csv' --event-time at --out /data/set.parquet",
    );
    expect(inputOf(chosen)).not.toHaveProperty('asKnown');
  });

  it('can be checked once it names features, rows and a time', () => {
    expect(canCheck(FORM)).toBe(true);
    expect(canCheck({ ...FORM, service: '' })).toBe(false);
    expect(canCheck({ ...FORM, eventTime: '' })).toBe(false);
    expect(canCheck({ ...FORM, known: 'instant' })).toBe(false);
  });

  it('takes the columns of the file that is named', () => {
    const columns = [
      { name: 'shop', type: 'string' },
      { name: 'paid', type: 'date' },
      { name: 'event_time', type: 'timestamp' },
    ] as const;
    expect(withColumns(FORM, columns)).toMatchObject({ eventTime: 'event_time', label: '' });
    const kept = { ...FORM, eventTime: 'paid', label: 'shop' };
    expect(withColumns(kept, columns)).toBe(kept);
    expect(withColumns(FORM, columns.slice(0, 1))).toMatchObject({ eventTime: '' });
  });

  it('puts the receipt beside the set', () => {
    expect(receiptBeside('/data/set.v2.parquet')).toBe('/data/set.v2.receipt.json');
    expect(receiptBeside('/data.d/set')).toBe('/data.d/set.receipt.json');
  });
});
