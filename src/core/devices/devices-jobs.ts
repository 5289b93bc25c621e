import { z } from 'zod';
import type { DeviceReport } from '../../shared/contract/types.ts';
import { defineJob, type JobKind } from '../jobs/index.ts';
import type { DeviceRoom } from './device-room.ts';

const nothing = z.object({}).default({});

/** Long work of this room: `devices.verify`, whose result is the report after it. */
export function devicesJobs(room: DeviceRoom): [JobKind<z.infer<typeof nothing>, DeviceReport>] {
  return [
    defineJob({
      kind: 'devices.verify',
      input: nothing,
      title: () => 'Verify devices',
      subject: () => '/devices',
      run: (context) => room.verify(context),
    }),
  ];
}
