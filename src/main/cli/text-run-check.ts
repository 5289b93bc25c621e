import type { RunCheck, RunCheckRow } from '../../shared/contract/types.ts';
import { formatBytes } from '../../shared/units.ts';
import { textTable } from './text-table.ts';

const REASONS: Readonly<Record<RunCheckRow['reason'], string>> = {
  fits: 'it fits',
  memory: 'too little free memory',
  memoryUnknown: 'how much memory is free is not known',
  cpuOnly: 'this kind runs on processors only',
  cpuChosen: 'its definition says so: no GPU',
  script: 'its script chooses what it uses',
  unverified: 'no runtime was proved on it',
  ambiguous: 'a runtime works, not known on which device',
  failed: 'its health is failed',
  notServable: "another program's model: kept, never run",
};

const bytes = (value: number | null, about = ''): string | null =>
  value === null ? null : `${about}${formatBytes(value)}`;

const verdict = (canRun: boolean | null): string => (canRun === null ? 'unknown' : canRun ? 'yes' : 'no');

/** Where something can run, a device a line, with the reason. */
export const textRunCheck = ({ kind, subject, devices }: RunCheck): string =>
  `${kind === 'model' ? 'Model' : 'Training'} ${subject}\n${textTable(
    devices,
    [
      ['Device', ({ device }) => device],
      ['Name', ({ name }) => name],
      ['Can run', ({ canRun }) => verdict(canRun)],
      ['By', ({ runtime }) => runtime],
      ['Needs', ({ neededBytes }) => bytes(neededBytes, '~'), 'right'],
      ['Free', ({ freeBytes }) => bytes(freeBytes), 'right'],
      ['Why', ({ reason, detail }) => (detail === '' ? REASONS[reason] : `${REASONS[reason]}: ${detail}`)],
    ],
    'No device.',
  )}`;
