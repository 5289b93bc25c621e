import { expect, it } from 'vitest';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { pickedState, pickRows, toggled } from './pick-rows.ts';

const view = (name: string, ...features: string[]): FeatureViewInfo => ({
  definition: {
    kind: 'FeatureView',
    name,
    entities: [],
    source: { dataset: 'd', keys: {} },
    features: features.map((feature) => ({ name: feature, type: 'float64' })),
    online: false,
    labels: [],
    tags: {},
  },
  version: 1,
  appliedAt: '2026-01-01T00:00:00Z',
  usedBy: [],
  rowsImportedAt: null,
});
const VIEWS = [view('orders', 'count', 'mean'), view('weather', 'wind')];

it('lists views with their features and finds by every word', () => {
  expect(pickRows(VIEWS, '').map(({ id }) => id)).toEqual([
    'orders',
    'orders:count',
    'orders:mean',
    'weather',
    'weather:wind',
  ]);
  expect(pickRows(VIEWS, 'ORD me').map(({ id }) => id)).toEqual(['orders', 'orders:mean']);
});

it('ticks a view’s found features together', () => {
  const [orders, count] = pickRows(VIEWS, '');
  expect(pickedState(orders!, ['orders:mean'])).toBe('some');
  const all = toggled(orders!, ['orders:mean', 'weather:wind']);
  expect(all).toEqual(['weather:wind', 'orders:count', 'orders:mean']);
  expect(pickedState(orders!, all)).toBe('all');
  expect(toggled(orders!, all)).toEqual(['weather:wind']);
  expect(toggled(count!, [])).toEqual(['orders:count']);
});
