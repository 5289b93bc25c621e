import { expect, it } from 'vitest';
import { textSetCheck } from './text-set-check.ts';

it('says each finding with its evidence and what to do', () => {
  const text = textSetCheck({
    rows: 1200,
    rowsWithoutTime: 2,
    label: { name: 'late', sampledRows: 1198 },
    features: [{ name: 'shop__paid', type: 'float64', view: 'orders', nulls: 300, expired: 30 }],
    warnings: [
      {
        code: 'KNOWN_LATER',
        severity: 'leak',
        view: 'orders',
        columns: ['shop__paid'],
        rows: 600,
        of: 1200,
        medianLatenessMs: 5_400_000,
      },
      {
        code: 'LABEL_IN_FEATURES',
        severity: 'leak',
        view: 'orders',
        columns: ['shop__paid'],
        label: 'late',
        measure: 'auc',
        strength: 0.9912,
        rows: 898,
      },
      {
        code: 'AT_THE_LABEL_TIME',
        severity: 'note',
        view: 'orders',
        columns: ['shop__paid'],
        through: 'window',
        dataset: 'weather',
        isOwnRow: false,
        rows: 900,
        of: 900,
      },
    ],
  });
  expect(text.split('\n')).toEqual([
    '2 leaks found.',
    '  leak: 600 of 1,200 rows (50.0 %) got values of "orders" that became known after the row\'s own time, in the middle by 1.5 h: shop__paid.',
    '    → Add --as-known row: then each row gets only what was known at its own time.',
    '  leak: shop__paid tells the label "late" by itself: area under the curve 0.9912, over 898 rows.',
    '    → Leave it out with --without shop__paid, unless you know why it may be there.',
    '  note: 900 of 900 rows (100.0 %) with a value got one of exactly their own time, out of "weather", inside a window: shop__paid.',
    '    → Set `exclusive: true` on the aggregate, so that its window ends before the row.',
    '',
    'Feature     Type     View      Null  Expired',
    'shop__paid  float64  orders  25.0 %    2.5 %',
    '1,200 rows, 2 of them without a time; features held against "late" on 1,198 of them.',
  ]);
});
