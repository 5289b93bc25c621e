import { createRequire } from 'node:module';
import path from 'node:path';
import type { ImportRequest } from '../data/index.ts';

/** Every n-th flight is kept, in the order of time. */
const EVERY = { '20k': 150, '200k': 15, '3m': 1 } as const;

export type DemoRows = keyof typeof EVERY;

/** A folder of the package `vega-datasets`, which holds the records of the US Bureau of Transportation Statistics. */
const dataFolder = (): string => {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  return path.join(path.dirname(entry), '..', 'data');
};

/**
 * The flights. A flight's outcome is known only after it has landed: distance at 500 mph, half an hour on the ground,
 * and the delay when there is one.
 */
export const flightsImport = (rows: DemoRows): ImportRequest => ({
  name: 'flights',
  files: [path.join(dataFolder(), 'flights-3m.parquet')],
  format: 'parquet',
  eventTime: 'date',
  knownTime: 'arrived_at',
  labels: ['public'],
  purposes: ['demonstration'],
  every: EVERY[rows],
  derive: [
    {
      name: 'arrived_at',
      expression:
        'date + to_microseconds(CAST(round((distance * 60.0 / 500 + 30 + greatest(delay, 0)) * 60000000) AS BIGINT))',
    },
  ],
});

export const airportsImport = (): ImportRequest => ({
  name: 'airports',
  files: [path.join(dataFolder(), 'airports.csv')],
  format: 'csv',
  labels: ['public'],
  purposes: ['demonstration'],
  every: 1,
  derive: [],
});
