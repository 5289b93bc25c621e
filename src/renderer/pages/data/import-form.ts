import type { EngineClient, ImportInput, ImportMode } from '../../../shared/contract/types.ts';
import { NAME_PATTERN } from '../../../shared/names.ts';
import { shellWord } from '../../components/shell-word.ts';
import {
  type ConnectionChoice,
  choiceOptions,
  isChosen,
  noChoice,
  selectionOf,
} from './connection-choice.ts';

type ConnectedImport = Parameters<EngineClient['connections']['import']>[0];

/** What the import dialog holds, as typed. */
export interface ImportForm {
  readonly source: 'files' | 'connection';
  readonly files: string;
  readonly from: ConnectionChoice;
  readonly name: string;
  readonly mode: ImportMode;
  /** Columns; they matter to an upsert. */
  readonly keys: readonly string[];
  readonly eventTime: string;
  readonly knownTime: string;
  readonly labels: readonly string[];
  readonly purposes: readonly string[];
}

export const emptyImportForm: ImportForm = {
  source: 'files',
  files: '',
  from: noChoice,
  name: '',
  mode: 'replace',
  keys: [],
  eventTime: '',
  knownTime: '',
  labels: [],
  purposes: [],
};

/** One path a line; blank lines and surrounding quotes (from a file manager's "copy path") do not matter. */
export const pathsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((line) => line !== '');

/** `/data/Flights 2001.parquet` → `Flights-2001`: a name that is allowed, or empty. */
export function suggestName(path: string): string {
  const file = path.split(/[/\\]/).at(-1) ?? '';
  const name = file
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '');
  return name.slice(0, 128);
}

export const canImport = (form: ImportForm): boolean =>
  (form.source === 'files' ? pathsOf(form.files).length > 0 : isChosen(form.from)) &&
  NAME_PATTERN.test(form.name);

const keysOf = ({ mode, keys }: ImportForm): string[] => (mode === 'upsert' ? [...keys] : []);

export const toImportInput = (form: ImportForm): ImportInput => ({
  ...commonInput(form),
  files: pathsOf(form.files),
});

export const toConnectedImport = (form: ImportForm): ConnectedImport => ({
  ...commonInput(form),
  ...selectionOf(form.from),
});

function commonInput(form: ImportForm): Omit<ImportInput, 'files'> {
  return {
    name: form.name,
    mode: form.mode,
    keys: keysOf(form),
    labels: [...form.labels],
    purposes: [...form.purposes],
    every: 1,
    derive: [],
    ...(form.eventTime === '' ? {} : { eventTime: form.eventTime }),
    ...(form.knownTime === '' ? {} : { knownTime: form.knownTime }),
  };
}

/** The command that does the same. */
export function importCommand(form: ImportForm): string {
  const files = pathsOf(form.files);
  return [
    'falaj data import',
    ...(form.source === 'connection'
      ? choiceOptions(form.from)
      : files.length === 0
        ? ['FILE']
        : files.map(shellWord)),
    '--name',
    form.name === '' ? 'NAME' : form.name,
    ...(form.mode === 'replace' ? [] : ['--mode', form.mode]),
    ...(keysOf(form).length === 0 ? [] : ['--keys', shellWord(keysOf(form).join(','))]),
    ...(form.eventTime === '' ? [] : ['--event-time', shellWord(form.eventTime)]),
    ...(form.knownTime === '' ? [] : ['--known-time', shellWord(form.knownTime)]),
    ...form.labels.flatMap((label) => ['--label', shellWord(label)]),
    ...form.purposes.flatMap((purpose) => ['--purpose', shellWord(purpose)]),
  ].join(' ');
}
