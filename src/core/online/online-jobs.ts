import type { z } from 'zod';
import { materializeInput, pushFileInput } from '../../shared/contract/features.ts';
import { skewInput } from '../../shared/contract/skew.ts';
import { defineJob, type JobKind } from '../jobs/index.ts';
import type { Materialized } from './materializer.ts';
import type { OnlineRoom } from './online-room.ts';
import type { Pushed } from './pusher.ts';

type Materialize = JobKind<z.infer<typeof materializeInput>, { views: Materialized[] }>;
type Skew = JobKind<z.output<typeof skewInput>, { service: string; skew: boolean; rows: number }>;
type PushFile = JobKind<z.infer<typeof pushFileInput>, Pushed>;

interface OnlineJobs {
  readonly materializeJob: Materialize;
  readonly pushFileJob: PushFile;
  readonly skewJob: Skew;
}

/** Long work of this room. */
export function onlineJobs(room: OnlineRoom): OnlineJobs {
  return {
    materializeJob: defineJob({
      kind: 'features.materialize',
      input: materializeInput,
      title: ({ view }) => (view === undefined ? 'Materialize all views' : `Materialize ${view}`),
      subject: ({ view }) => (view === undefined ? '/features' : `/features/${view}/online`),
      run: async (context, input) => {
        const done = await room.materialize(context, input);
        // So that it can be seen later how the features went.
        for (const { view } of done.views) await room.countFeatures(context, { view });
        return done;
      },
    }),
    pushFileJob: defineJob({
      kind: 'features.push-file',
      input: pushFileInput,
      title: ({ view }) => `Push rows to ${view}`,
      subject: ({ view }) => `/features/${view}/online`,
      run: (context, input) => room.pushFile(context, input),
    }),
    skewJob: defineJob({
      kind: 'features.skew',
      input: skewInput,
      title: ({ service }) => `Compare reads of ${service} with its history`,
      subject: ({ service }) => `/features/~services/${service}/skew`,
      run: (context, input) => room.skew(context, input),
    }),
  };
}
