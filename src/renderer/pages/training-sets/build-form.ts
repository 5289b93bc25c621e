import type { SetInput } from '../../../shared/contract/types.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { shellWord } from '../../components/shell-word.ts';

/** `row`: what was known at each row's own time. `newest`: all there is. `instant`: what was known by one. */
export type Known = 'row' | 'newest' | 'instant';

/** What the builder holds, as chosen; its address says the same. */
export interface BuildForm {
  /** Empty when features were chosen one by one. */
  readonly service: string;
  /** `view:feature`. */
  readonly features: readonly string[];
  /** Columns of these that are left out: `view__feature`. */
  readonly without: readonly string[];
  readonly entities: string;
  readonly eventTime: string;
  /** Empty for none. */
  readonly label: string;
  readonly known: Known;
  readonly instant: string;
}

const list = (text: string | null): string[] => (text ?? '').split(',').filter((part) => part !== '');

/** The form that an address describes. */
export function formOf(search: string): BuildForm {
  const asked = new URLSearchParams(search);
  const known = asked.get('known') ?? 'row';
  return {
    service: asked.get('service') ?? '',
    features: list(asked.get('features')),
    without: list(asked.get('without')),
    entities: asked.get('entities') ?? '',
    eventTime: asked.get('time') ?? '',
    label: asked.get('label') ?? '',
    known: known === 'row' || known === 'newest' ? known : 'instant',
    instant: known === 'row' || known === 'newest' ? '' : known,
  };
}

/** The address that describes a form; what is as at the start stays out of it. */
export function addressOf(form: BuildForm): string {
  const known = form.known === 'instant' ? form.instant : form.known;
  const parts = {
    service: form.service,
    features: form.features.join(','),
    without: form.without.join(','),
    entities: form.entities,
    time: form.eventTime,
    label: form.label,
    known: known === 'row' ? '' : known,
  };
  const search = new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== ''));
  return `/features/~training-sets/build${search.size === 0 ? '' : `?${search.toString()}`}`;
}

export const canCheck = ({ service, features, entities, eventTime, known, instant }: BuildForm): boolean =>
  (service !== '' || features.length > 0) &&
  entities !== '' &&
  eventTime !== '' &&
  (known !== 'instant' || instant !== '');

/** What the engine is asked, for a check and for the set itself. */
export function inputOf(form: BuildForm): SetInput {
  const asKnown = form.known === 'instant' ? form.instant : form.known === 'row' ? 'row' : undefined;
  return {
    ...(form.service === '' ? { features: [...form.features] } : { service: form.service }),
    ...(form.without.length === 0 ? {} : { without: [...form.without] }),
    entities: form.entities,
    eventTime: form.eventTime,
    ...(asKnown === undefined ? {} : { asKnown }),
  };
}

function selection(form: BuildForm): string[] {
  const asKnown = inputOf(form).asKnown;
  return [
    ...(form.features.length > 0
      ? ['--features', shellWord(form.features.join(','))]
      : ['--service', form.service === '' ? 'SERVICE' : shellWord(form.service)]),
    ...(form.without.length === 0 ? [] : ['--without', shellWord(form.without.join(','))]),
    '--entities',
    form.entities === '' ? 'FILE' : shellWord(form.entities),
    ...(form.eventTime === '' || form.eventTime === 'event_time'
      ? []
      : ['--event-time', shellWord(form.eventTime)]),
    ...(asKnown === undefined ? [] : ['--as-known', shellWord(asKnown)]),
  ];
}

/** The command that checks the same. */
export const checkCommand = (form: BuildForm): string =>
  [
    'falaj features check',
    ...selection(form),
    ...(form.label === '' ? [] : ['--label', shellWord(form.label)]),
  ].join(' ');

/** The command that builds the same. */
export const buildCommand = (form: BuildForm, out: string, receipt: string | null): string =>
  [
    'falaj features historical',
    ...selection(form),
    '--out',
    out === '' ? 'OUT' : shellWord(out),
    ...(receipt === null ? [] : ['--receipt', receipt === '' ? 'RECEIPT' : shellWord(receipt)]),
  ].join(' ');

/** `/data/set.parquet` → `/data/set.receipt.json`. */
export const receiptBeside = (out: string): string => out.replace(/\.[^./\\]*$/, '').concat('.receipt.json');

const isTime = ({ type }: ColumnSchema): boolean => type === 'timestamp' || type === 'date';

export const timeColumns = (columns: readonly ColumnSchema[]): string[] =>
  columns.filter(isTime).map(({ name }) => name);

/** The form with the columns it names kept where the file has them, and the likeliest time chosen where it has not. */
export function withColumns(form: BuildForm, columns: readonly ColumnSchema[]): BuildForm {
  const times = timeColumns(columns);
  const eventTime = times.includes(form.eventTime)
    ? form.eventTime
    : (times.find((name) => name === 'event_time') ?? times[0] ?? '');
  const label = columns.some(({ name }) => name === form.label) ? form.label : '';
  return eventTime === form.eventTime && label === form.label ? form : { ...form, eventTime, label };
}
