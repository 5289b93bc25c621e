import type { HealthCause, HealthRemedy } from '../../../shared/contract/types.ts';
import { xidMeaning } from './xid-errors.ts';

const REMEDIES: Readonly<Record<HealthRemedy, string>> = {
  restartProgram: 'Start the program that was ended again.',
  resetDevice:
    'End what runs on it, then reset it (nvidia-smi --gpu-reset) or restart the machine, and verify it (falaj devices --verify).',
  restartMachine:
    'Restart the machine. If it happens again, check the power supply, the slot and the cooling, or have the device replaced.',
  cool: 'Check the fans, the flow of air and the temperature of the room.',
  power: 'Check the power supply and its cables.',
  replace: 'Have the device replaced: it cannot repair its memory any more.',
  link: 'Check the bridges and cables between the devices, and restart the machine.',
  software: 'Update or reload the driver: nvidia-smi and the kernel log say what it lacks.',
  watch: 'Nothing has to be done now: see whether it happens again.',
};

const plural = (count: number, one: string, many: string): string =>
  count === 1 ? `1 ${one}` : `${count} ${many}`;

type Facts = Pick<HealthCause, 'code' | 'count' | 'xid'>;

function sentence({ code, count: counted, xid }: Facts): string {
  const count = counted ?? 0;
  switch (code) {
    case 'vanished':
      return 'The driver does not list it any more.';
    case 'driverSilent':
      return 'Its driver does not answer.';
    case 'uncorrectedErrors':
      return `${plural(count, 'memory error', 'memory errors')} could not be corrected since the driver was loaded.`;
    case 'repairPending':
      return 'Broken memory will be replaced by spare memory at the next reset.';
    case 'repairFailed':
      return 'Broken memory could not be replaced: there is no spare memory left.';
    case 'recoveryNeeded':
      return 'The driver says that it must be reset or freed.';
    case 'xid':
      return `Xid ${xid ?? 0}: ${xidMeaning(xid ?? 0).meaning}${count > 1 ? ` (${count} times)` : ''}`;
    case 'reset':
      return `The driver reset it ${count === 1 ? 'once' : `${count} times`} in the last day.`;
    case 'resetFailed':
      return 'The driver tried to reset it and failed.';
    case 'hang':
      return `Work on it hung ${count === 1 ? 'once' : `${count} times`} in the last day.`;
    case 'uncorrectable':
      return 'The kernel log tells of an error that could not be corrected.';
    case 'hot':
      return `It is ${plural(count, 'degree', 'degrees')} below the temperature at which it slows down.`;
    case 'throttledByHeat':
      return 'It runs slower because it is too hot.';
    case 'throttledByPower':
      return 'It runs slower because the power supply asked for it.';
  }
}

/** A cause with its words. */
export const describeCause = (facts: Facts & Pick<HealthCause, 'severity' | 'remedy'>): HealthCause => ({
  ...facts,
  message: sentence(facts),
  hint: REMEDIES[facts.remedy],
});
