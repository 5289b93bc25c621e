import { expect, it } from 'vitest';
import { isInside, placeAxis } from './parallel-axes.ts';

const format = (value: number): string => String(Number(value.toPrecision(3)));

it('places numbers between the least and the greatest, along their logarithm where they span much', () => {
  const even = placeAxis({ key: 'a', label: 'a', values: [10, 20, null, 15] }, format);
  expect(even).toMatchObject({ scale: 'linear', places: [0, 1, null, 0.5] });
  const wide = placeAxis({ key: 'a', label: 'a', values: [0.001, 0.1, 1, Number.NaN] }, format);
  expect(wide.scale).toBe('log');
  expect(wide.places.map((place) => place && Math.round(place * 300) / 300)).toEqual([0, 2 / 3, 1, null]);
  expect(wide.ticks.map(({ label }) => label)).toEqual(['0.001', '0.0316', '1']);
});

it('places the same value of all lines in the middle, and texts as categories', () => {
  expect(placeAxis({ key: 'a', label: 'a', values: [3, 3] }, format).places).toEqual([0.5, 0.5]);
  const text = placeAxis({ key: 'a', label: 'a', values: ['b', 'a', 'c', null] }, format);
  expect(text).toMatchObject({ scale: 'categories', places: [0.5, 0, 1, null] });
});

it('finds the lines that go through everything that was brushed', () => {
  const axes = [
    placeAxis({ key: 'a', label: 'a', values: [0, 5, 10] }, format),
    placeAxis({ key: 'b', label: 'b', values: [10, null, 0] }, format),
  ];
  const through = (brushes: Parameters<typeof isInside>[1]): number[] =>
    [0, 1, 2].filter((line) => isInside(axes, brushes, line));
  expect(through({})).toEqual([0, 1, 2]);
  expect(through({ a: [0.4, 1] })).toEqual([1, 2]);
  expect(through({ a: [0.4, 1], b: [0, 0.5] })).toEqual([2]);
});
