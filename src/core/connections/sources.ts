import { Readable } from 'node:stream';
import { FalajError } from '../../shared/errors.ts';
import {
  type DatabaseSelection,
  type ForeignTable,
  type ImportSource,
  type RemoteBytes,
  readDatabase,
  readPiped,
  readRemote,
  type TableFormat,
  tableFormat,
  tablesAsArrow,
} from '../data/index.ts';
import type { ConnectionTarget, PostgresTarget, S3Target } from './connection-table.ts';
import type { ConnectionSecret } from './connection-target.ts';
import type { PostgresSession } from './postgres-session.ts';
import type { S3Client } from './s3-client.ts';

/** A target with what opens it. */
export interface Opened {
  readonly target: ConnectionTarget;
  readonly secret: ConnectionSecret | null;
}

export interface Selected {
  readonly table?: string | undefined;
  readonly query?: string | undefined;
  readonly objects?: readonly string[] | undefined;
  readonly format?: TableFormat | undefined;
}

type SourceOptions = Parameters<ImportSource>[1] & { readonly signal: AbortSignal };
type Source = <Result>(
  opened: Opened,
  names: readonly string[],
  options: SourceOptions,
  use: (table: ForeignTable) => Promise<Result>,
) => Promise<Result>;

/** How the selection is read over a target of this kind, and what it is called. Refuses a selection that does not fit. */
export function sourceOf(
  target: ConnectionTarget,
  selected: Selected,
): { source: Source; names: readonly string[] } {
  if (target.kind === 's3') {
    const { objects, format } = objectSelection(selected);
    return {
      names: objects,
      source: ({ secret }, some, options, use) =>
        readObjects(target, secret, { ...options, objects: some, format }, use),
    };
  }
  const selection = databaseSelection(selected);
  const names = ['table' in selection ? selection.table : 'query'];
  if (target.kind === 'postgresql') {
    return {
      names,
      source: ({ secret }, _names, options, use) =>
        readPostgres(target, secret, { ...options, selection }, use),
    };
  }
  const { path: file, kind: format } = target;
  return {
    names,
    source: (_opened, _names, options, use) => readDatabase({ ...options, file, format, selection }, use),
  };
}

/** What there is to read. */
export async function readable({ target, secret }: Opened, signal: AbortSignal): Promise<string[]> {
  if (target.kind === 'postgresql') {
    const session = await openPostgres(target, secret, signal);
    try {
      return await session.tables();
    } finally {
      await session.close();
    }
  }
  if (target.kind === 's3') return withObjects(target, secret, signal, (client) => client.keys());
  return databaseTables(target, signal);
}

async function databaseTables(
  target: Extract<ConnectionTarget, { kind: 'sqlite' | 'duckdb' }>,
  signal: AbortSignal,
): Promise<string[]> {
  const query =
    target.kind === 'sqlite'
      ? "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
      : 'SELECT table_name AS name FROM information_schema.tables ORDER BY 1';
  return readDatabase(
    { file: target.path, format: target.kind, selection: { query }, signal },
    async (table) => {
      const names: string[] = [];
      for await (const group of table.groups) names.push(...group.columns[0]!.fresh);
      return names;
    },
  );
}

/** The client is loaded with the first connection: an idle engine has no use for it. */
async function openPostgres(
  target: PostgresTarget,
  secret: ConnectionSecret | null,
  signal: AbortSignal,
): Promise<PostgresSession> {
  const { PostgresSession } = await import('./postgres-session.ts');
  return PostgresSession.open(target, passwordOf(secret), signal);
}

async function readPostgres<Result>(
  target: PostgresTarget,
  secret: ConnectionSecret | null,
  options: SourceOptions & { readonly selection: DatabaseSelection },
  use: (table: ForeignTable) => Promise<Result>,
): Promise<Result> {
  const session = await openPostgres(target, secret, options.signal);
  try {
    const { columns, tables } = await session.rows(options.selection);
    const own = columns.flatMap(({ note }) => (note === null ? [] : [note]));
    const input = Readable.from(await tablesAsArrow(columns, tables), { objectMode: false });
    return await readPiped({ ...options, input }, ({ notes, ...table }) =>
      use({
        ...table,
        get notes() {
          return [...own, ...notes];
        },
      }),
    );
  } finally {
    await session.close();
  }
}

function readObjects<Result>(
  target: S3Target,
  secret: ConnectionSecret | null,
  options: SourceOptions & { readonly objects: readonly string[]; readonly format: TableFormat },
  use: (table: ForeignTable) => Promise<Result>,
): Promise<Result> {
  return withObjects(target, secret, options.signal, async (client) => {
    const remote: RemoteBytes[] = [];
    for (const key of options.objects) remote.push(await client.object(key));
    return readRemote({ ...options, remote }, use);
  });
}

async function withObjects<Result>(
  target: S3Target,
  secret: ConnectionSecret | null,
  signal: AbortSignal,
  use: (client: S3Client) => Promise<Result>,
): Promise<Result> {
  if (secret === null || !('accessKey' in secret))
    throw new Error('An object store was kept without its keys.');
  // Loaded when needed: most engines never call an object store.
  const { S3Client } = await import('./s3-client.ts');
  const client = new S3Client(target, secret, signal);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

function objectSelection({ table, query, objects = [], format }: Selected): {
  objects: readonly string[];
  format: TableFormat;
} {
  if (table !== undefined || query !== undefined || objects.length === 0) {
    throw new FalajError('BAD_INPUT', 'Say which objects to read.', {
      hint: 'Say --object KEY, once or more.',
    });
  }
  const formats = new Set(objects.map((key) => tableFormat(key, format)));
  if (formats.size === 1) return { objects, format: tableFormat(objects[0]!, format) };
  throw new FalajError('BAD_INPUT', `The objects are of several formats: ${[...formats].join(', ')}.`, {
    hint: 'Import those of one format at a time.',
  });
}

const passwordOf = (secret: ConnectionSecret | null): string | null =>
  secret !== null && 'password' in secret ? secret.password : null;

function databaseSelection({ table, query, objects }: Selected): DatabaseSelection {
  if (objects !== undefined && objects.length > 0)
    throw new FalajError('BAD_INPUT', 'A database has no objects.', {
      hint: 'Say --table T or --query SQL.',
    });
  if (table !== undefined && query === undefined) return { table };
  if (query !== undefined && table === undefined) return { query };
  throw new FalajError('BAD_INPUT', 'Say what to read: one table, or one query.', {
    hint: 'Say --table T or --query SQL, not both.',
  });
}
