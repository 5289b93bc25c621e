import { isStatedAbsent, parseQuantity } from '../values.ts';
import { type Figure, figureOf, type HealthFigures, unknown } from './health-figures.ts';
import { decodeNvidiaThrottling } from './throttle-reasons.ts';

/** Both spellings: drivers from 535 on call the first so, and still know the second. */
const THROTTLE_FIELDS = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'] as const;

/** What is asked of `nvidia-smi --query-gpu` about health. */
export const HEALTH_FIELDS = [
  'ecc.errors.corrected.volatile.total',
  'ecc.errors.uncorrected.volatile.total',
  'ecc.errors.corrected.aggregate.total',
  'ecc.errors.uncorrected.aggregate.total',
  'remapped_rows.correctable',
  'remapped_rows.uncorrectable',
  'remapped_rows.pending',
  'remapped_rows.failure',
  'retired_pages.single_bit_ecc.count',
  'retired_pages.double_bit.count',
  'retired_pages.pending',
  'temperature.gpu.tlimit',
  'gpu_recovery_action',
  ...THROTTLE_FIELDS,
] as const;

/** Those whose change, seen every second, is a reason to look at everything. */
export const WATCHED_FIELDS = [
  'ecc.errors.uncorrected.volatile.total',
  'gpu_recovery_action',
  ...THROTTLE_FIELDS,
] as const;

/** Without the old spelling of a field whose new one is known. */
export const oneSpelling = (fields: readonly string[]): readonly string[] =>
  fields.includes(THROTTLE_FIELDS[0]) ? fields.filter((field) => field !== THROTTLE_FIELDS[1]) : fields;

type Row = ReadonlyMap<string, string>;

/** A number, or whether the driver was not asked, the device has none, or the text means nothing. */
function figure(row: Row, field: string): Figure {
  const text = row.get(field);
  if (text === undefined) return unknown('notAsked');
  return figureOf(parseQuantity(text), isStatedAbsent(text) ? 'unsupported' : 'unreadable');
}

/** Known when one of them is. */
function sum(first: Figure, second: Figure): Figure {
  if (first.value === null) return second;
  return second.value === null ? first : { value: first.value + second.value, unknown: null };
}

/** What holds the clocks back, by either spelling of the field. */
export const throttleText = (row: Row): string | undefined =>
  row.get(THROTTLE_FIELDS[0]) ?? row.get(THROTTLE_FIELDS[1]);

function throttling(row: Row): HealthFigures['throttling'] {
  const text = throttleText(row);
  const reasons = decodeNvidiaThrottling(text);
  if (reasons !== null) return { reasons, unknown: null };
  if (text === undefined) return { reasons, unknown: 'notAsked' };
  return { reasons, unknown: isStatedAbsent(text) ? 'unsupported' : 'unreadable' };
}

function repair(row: Row): HealthFigures['repair'] {
  const says = (field: string, word: RegExp): boolean => word.test(row.get(field) ?? '');
  const fields = ['remapped_rows.pending', 'retired_pages.pending', 'remapped_rows.failure'];
  if (says('remapped_rows.failure', /^yes$/i)) return 'failed';
  if (says('remapped_rows.pending', /^yes$/i) || says('retired_pages.pending', /^yes$/i)) return 'pending';
  return fields.some((field) => says(field, /^no$/i)) ? 'none' : null;
}

function recovery(row: Row): HealthFigures['recovery'] {
  const text = row.get('gpu_recovery_action') ?? '';
  if (/reboot/i.test(text)) return 'reboot';
  if (/reset/i.test(text)) return 'reset';
  if (/drain/i.test(text)) return 'drain';
  return /^none$/i.test(text) ? 'none' : null;
}

/**
 * The health in one row of `nvidia-smi --query-gpu`.
 *
 * @param slowdownCelsius the temperature at which the card slows itself down, for cards that do not tell how far it is.
 */
export function nvidiaFigures(row: Row, slowdownCelsius: number | null): HealthFigures {
  const margin = figure(row, 'temperature.gpu.tlimit');
  const celsius = parseQuantity(row.get('temperature.gpu'));
  return {
    correctedErrors: figure(row, 'ecc.errors.corrected.volatile.total'),
    uncorrectedErrors: figure(row, 'ecc.errors.uncorrected.volatile.total'),
    correctedErrorsEver: figure(row, 'ecc.errors.corrected.aggregate.total'),
    uncorrectedErrorsEver: figure(row, 'ecc.errors.uncorrected.aggregate.total'),
    remappedRows: sum(figure(row, 'remapped_rows.correctable'), figure(row, 'remapped_rows.uncorrectable')),
    retiredPages: sum(
      figure(row, 'retired_pages.single_bit_ecc.count'),
      figure(row, 'retired_pages.double_bit.count'),
    ),
    slowdownMarginCelsius:
      margin.value === null && slowdownCelsius !== null && celsius !== null
        ? { value: slowdownCelsius - celsius, unknown: null }
        : margin,
    throttling: throttling(row),
    repair: repair(row),
    recovery: recovery(row),
  };
}
