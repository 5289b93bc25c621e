import type { z } from 'zod';
import { byName } from '../../shared/contract/common.ts';
import { connectedImportInput } from '../../shared/contract/connections.ts';
import type { ConnectionCheck, ImportOutcome } from '../../shared/contract/types.ts';
import { defineJob, type JobKind } from '../jobs/index.ts';
import type { ConnectionRoom } from './connection-room.ts';

type CheckJob = JobKind<z.infer<typeof byName>, ConnectionCheck>;
type ImportJob = JobKind<z.infer<typeof connectedImportInput>, ImportOutcome>;

interface ConnectionsJobs {
  readonly checkJob: CheckJob;
  readonly importJob: ImportJob;
}

/** Long work of this room. Its inputs name connections and hold no secret. */
export function connectionsJobs(room: ConnectionRoom): ConnectionsJobs {
  return {
    checkJob: defineJob({
      kind: 'connections.check',
      input: byName,
      title: ({ name }) => `Check connection ${name}`,
      run: (context, input) => room.check(context, input),
    }),
    importJob: defineJob({
      kind: 'connections.import',
      input: connectedImportInput,
      title: ({ name, from }) => `Import ${name} from ${from}`,
      subject: ({ name }) => `/data/${name}`,
      run: (context, input) => room.import(context, input),
    }),
  };
}
