// A run of very many points: how fast they are taken in process, in batches of 1000, and how long a curve takes that is asked
// for whole, and again for ever smaller parts, as a person zooms.
import { TrackingRoom, trackingMigrations } from '../../src/core/tracking/index.ts';
import { openParts } from '../fixtures/engine-parts.ts';
import { brief, quantile, reportFigures } from './support/report-figures.ts';

const POINTS = brief ? 100_000 : 10_000_000;
const BATCH_POINTS = 1000;
const METRICS = 10;
const DRAWN_POINTS = 1000;
const ZOOMS = 12;

const parts = await openParts([trackingMigrations]);
try {
  const room = new TrackingRoom(parts);
  const { id } = room.clients.create({ experimentId: '0', name: 'long' });
  const startedMs = performance.now();
  for (let first = 0; first < POINTS; first += BATCH_POINTS) {
    room.clients.logBatch(id, {
      metrics: Array.from({ length: BATCH_POINTS }, (_, index) => {
        const step = Math.floor((first + index) / METRICS);
        return {
          metric: `loss${index % METRICS}`,
          step,
          at: 1_700_000_000_000 + step,
          value: Math.sin(step / 1000) + 1 / (step + 1),
        };
      }),
    });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const steps = POINTS / METRICS;
  const times = (fromStep: number, toStep: number): number[] =>
    Array.from({ length: brief ? 1 : 5 }, (_, metric) => {
      const askedMs = performance.now();
      room.history({ id, metric: `loss${metric}`, points: DRAWN_POINTS, fromStep, toStep });
      return performance.now() - askedMs;
    });
  const whole = times(0, steps);
  const zoomed: number[] = [];
  for (let zoom = 1; zoom <= ZOOMS; zoom++) {
    const length = steps / 2 ** zoom;
    zoomed.push(...times(steps / 3, steps / 3 + length));
  }
  const openedMs = performance.now();
  room.clients.get(id);
  reportFigures([
    {
      measure: `Points taken into one run of ${POINTS}, a second`,
      value: POINTS / seconds,
      unit: '',
      note: `in process, batches of ${BATCH_POINTS} over ${METRICS} metrics, each durable`,
    },
    {
      measure: `A curve of ${steps} points drawn whole, p50`,
      value: quantile(whole),
      unit: 'ms',
      note: `slowest ${Math.max(...whole).toFixed(1)} ms; reduced to ${DRAWN_POINTS} points`,
    },
    {
      measure: `The same curve zoomed into, p50`,
      value: quantile(zoomed),
      unit: 'ms',
      note: `${ZOOMS} zooms down to ${Math.round(steps / 2 ** ZOOMS)} points; slowest ${Math.max(...zoomed).toFixed(1)} ms`,
    },
    { measure: `A run of ${POINTS} points opened`, value: performance.now() - openedMs, unit: 'ms' },
    { measure: `Store of ${POINTS} points`, value: parts.store.sizeBytes() / 1e6, unit: 'MB' },
  ]);
} finally {
  parts.close();
}
