import { toFalajError } from '../../../../shared/errors.ts';
import type { MetricSample } from '../../metrics/metric-series.ts';
import type { LocalRun } from './local-run.ts';
import { type ReaderReply, type ReaderRequest, toColumns } from './messages.ts';
import { mlrunsIn } from './mlruns.ts';
import { eventRunsIn } from './tensorboard.ts';

/**
 * The isolated process that reads runs out of other tools' folders. It answers one piece for each that it is asked for, so that
 * nothing piles up on either side, and ends with its channel.
 */
const POINTS_BATCH = 20_000;

const reply = (message: ReaderReply): void => void process.send!(message);

let runs: AsyncIterator<LocalRun> | null = null;
let current: LocalRun | null = null;
let points: AsyncIterator<MetricSample> | null = null;

async function answer(request: ReaderRequest): Promise<ReaderReply | null> {
  switch (request.kind) {
    case 'open':
      runs = (
        request.from === 'mlruns' ? mlrunsIn(request.dir) : eventRunsIn(request.dir, request.experiment)
      )[Symbol.asyncIterator]();
      return null;
    case 'run': {
      const next = await runs!.next();
      if (next.done === true) return { kind: 'end' };
      current = next.value;
      points = null;
      return { kind: 'run', header: current.header };
    }
    case 'facts':
      return {
        kind: 'facts',
        params: { ...(await current!.params()) },
        tags: { ...(await current!.tags()) },
      };
    case 'points': {
      points ??= current!.points()[Symbol.asyncIterator]();
      const batch: MetricSample[] = [];
      while (batch.length < POINTS_BATCH) {
        const next = await points.next();
        if (next.done === true) return { kind: 'points', columns: toColumns(batch), isLast: true };
        batch.push(next.value);
      }
      return { kind: 'points', columns: toColumns(batch), isLast: false };
    }
  }
}

process.on('message', (request: ReaderRequest) => {
  answer(request).then(
    (message) => {
      if (message !== null) reply(message);
    },
    (error: unknown) => {
      const { code, message, hint, details } = toFalajError(error);
      reply({ kind: 'error', code, message, hint, details });
    },
  );
});
