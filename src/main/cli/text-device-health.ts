import type {
  Accelerator,
  DeviceHealth,
  DeviceProcesses,
  DeviceReport,
} from '../../shared/contract/types.ts';
import { formatBytes } from '../../shared/units.ts';
import { formatNumber, textFacts, textTable } from './text-table.ts';

type Figure = DeviceHealth['correctedErrors'];

const UNKNOWN = {
  unsupported: 'the device does not tell',
  notAsked: 'the driver cannot be asked',
  unreadable: 'cannot be read',
  noSource: 'nothing here tells it',
} as const;

const THROTTLING = {
  idle: 'idle',
  applicationClocks: 'clocks set by a person',
  powerCap: 'limit of power',
  hardwareSlowdown: 'hardware slowdown',
  syncBoost: 'synchronised with other cards',
  softwareThermal: 'heat (driver)',
  hardwareThermal: 'heat (hardware)',
  powerBrake: 'power supply',
  displayClocks: 'clocks of the display',
  current: 'limit of current',
  thermal: 'heat',
  other: 'another reason',
} as const;

const figure = ({ value, unknown }: Figure, unit = ''): string =>
  value === null ? `unknown: ${UNKNOWN[unknown ?? 'noSource']}` : `${formatNumber(value)}${unit}`;

function throttling({ throttling: { reasons, unknown } }: DeviceHealth): string {
  if (reasons === null) return `unknown: ${UNKNOWN[unknown ?? 'noSource']}`;
  return reasons.length === 0 ? 'nothing' : reasons.map((reason) => THROTTLING[reason]).join(', ');
}

const causeLines = ({ causes }: DeviceHealth): string[] => [
  ...causes.map(({ severity, message }) => `  ${severity}: ${message}`),
  // Several causes often have one remedy.
  ...[...new Set(causes.map(({ hint }) => hint))].map((hint) => `    → ${hint}`),
];

/** Of devices that are not well: what is wrong and what to do, each in some lines. */
export const textHealthCauses = ({ accelerators }: DeviceReport): string[] =>
  accelerators
    .filter(({ health, parent }) => health.causes.length > 0 && parent === null)
    .map(({ id, name, health }) => [`${name} (${id}): ${health.state}`, ...causeLines(health)].join('\n'));

function textDevice({ id, name, health }: Accelerator, logReason: string | null): string {
  const { kernelEvents } = health;
  return [
    `${name} (${id}): ${health.state}`,
    ...causeLines(health),
    textFacts([
      ['  Memory errors, corrected', figure(health.correctedErrors)],
      ['  Memory errors, not corrected', figure(health.uncorrectedErrors)],
      ['  In its life, corrected', figure(health.correctedErrorsEver)],
      ['  In its life, not corrected', figure(health.uncorrectedErrorsEver)],
      ['  Rows of memory replaced', figure(health.remappedRows)],
      ['  Pages of memory retired', figure(health.retiredPages)],
      ['  Until it slows down', figure(health.slowdownMarginCelsius, ' °C')],
      ['  Clocks held back by', throttling(health)],
      [
        '  Kernel log',
        kernelEvents === null ? `unknown: ${logReason ?? ''}` : `${kernelEvents.length} events`,
      ],
    ]),
    ...(kernelEvents ?? []).slice(-5).map(({ at, text }) => `    ${at.slice(0, 19)}Z ${text}`),
  ].join('\n');
}

/** The health of every device, with every figure or why there is none. Slices share that of their card. */
export function textHealth({ accelerators, kernelLog, warnings, probes }: DeviceReport): string {
  const cards = accelerators.filter(({ parent, software }) => parent === null && !software);
  if (cards.length === 0)
    return `No accelerator was found: ${probes.map(({ probe, outcome }) => `${probe}: ${outcome}`).join(', ')}.`;
  return [
    ...cards.map((card) => textDevice(card, kernelLog.reason)),
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n\n');
}

/** Who uses which device, most memory first. */
export function textProcesses({ processes, warnings }: DeviceProcesses): string {
  return [
    textTable(
      processes,
      [
        ['Device', ({ device }) => device],
        ['Process', ({ pid }) => String(pid), 'right'],
        ['Name', ({ name }) => name],
        ['User', ({ user }) => user],
        ['Memory', ({ memoryBytes }) => (memoryBytes === null ? null : formatBytes(memoryBytes)), 'right'],
        [
          'Load',
          ({ utilization }) => (utilization === null ? null : `${Math.round(utilization * 100)}%`),
          'right',
        ],
        ['Falaj', ({ own, job }) => (job === null ? (own ? 'yes' : 'no') : `job ${job}`)],
      ],
      'No process uses an accelerator.',
    ),
    ...warnings.map((warning) => `\nwarning: ${warning}`),
  ].join('\n');
}
