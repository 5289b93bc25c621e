import type { Connection } from '../../../shared/contract/types.ts';
import { shellWord } from '../../components/shell-word.ts';

/** What is to be read over a connection, as chosen so far. */
export interface ConnectionChoice {
  readonly connection: string;
  /** Null until a connection is chosen. */
  readonly kind: Connection['kind'] | null;
  readonly reading: 'table' | 'query';
  readonly table: string;
  readonly query: string;
  readonly objects: readonly string[];
}

export const noChoice: ConnectionChoice = {
  connection: '',
  kind: null,
  reading: 'table',
  table: '',
  query: '',
  objects: [],
};

/** Another connection has other tables: nothing of the last choice holds. */
export const chooseConnection = ({ name, kind }: Pick<Connection, 'name' | 'kind'>): ConnectionChoice => ({
  ...noChoice,
  connection: name,
  kind,
});

export function isChosen({ kind, reading, table, query, objects }: ConnectionChoice): boolean {
  if (kind === null) return false;
  if (kind === 's3') return objects.length > 0;
  return (reading === 'table' ? table : query).trim() !== '';
}

export function selectionOf({ connection, kind, reading, table, query, objects }: ConnectionChoice): {
  from: string;
  table?: string;
  query?: string;
  objects?: string[];
} {
  if (kind === 's3') return { from: connection, objects: [...objects] };
  return reading === 'table'
    ? { from: connection, table: table.trim() }
    : { from: connection, query: query.trim() };
}

/** The same for a terminal. */
export function choiceOptions(choice: ConnectionChoice): string[] {
  const { from, table, query, objects } = selectionOf(choice);
  return [
    '--from',
    from === '' ? 'CONNECTION' : shellWord(from),
    ...(objects ?? []).flatMap((key) => ['--object', shellWord(key)]),
    ...(table === undefined ? [] : ['--table', table === '' ? 'TABLE' : shellWord(table)]),
    ...(query === undefined ? [] : ['--query', query === '' ? 'SQL' : shellWord(query)]),
  ];
}

/** `own.costs` → `costs`; an object's key is cut like a file's path elsewhere. */
export const tableOnly = (table: string): string => table.slice(table.lastIndexOf('.') + 1);
