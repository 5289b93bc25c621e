import type { z } from 'zod';
import { connectionTarget } from '../../shared/contract/connections.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import type { Store } from '../store/index.ts';

export type ConnectionTarget = z.infer<typeof connectionTarget>;

export type PostgresTarget = Extract<ConnectionTarget, { kind: 'postgresql' }>;
export type S3Target = Extract<ConnectionTarget, { kind: 's3' }>;

export interface StoredConnection {
  readonly name: string;
  readonly target: ConnectionTarget;
  readonly sealedSecret: Uint8Array | null;
  readonly createdAtMs: number;
}

interface Row {
  readonly name: string;
  readonly target: string;
  readonly sealed_secret: Uint8Array | null;
  readonly created_at: number;
}

/** The rows of the room's table; no rules. */
export class ConnectionTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(): StoredConnection[] {
    return this.#store.statement<Row>('SELECT * FROM connection ORDER BY name').all().map(toConnection);
  }

  find(name: string): StoredConnection | undefined {
    const row = this.#store.statement<Row>('SELECT * FROM connection WHERE name = ?').get(name);
    return row === undefined ? undefined : toConnection(row);
  }

  get(name: string): StoredConnection {
    const found = this.find(name);
    if (found !== undefined) return found;
    throw new FalajError('NOT_FOUND', `There is no connection "${name}".`, {
      hint: nearestHint(
        name,
        this.list().map((known) => known.name),
        'falaj connections ls lists them.',
      ),
      details: { name },
    });
  }

  insert(connection: StoredConnection): void {
    this.#store
      .statement('INSERT INTO connection VALUES (?,?,?,?)')
      .run(
        connection.name,
        JSON.stringify(connection.target),
        connection.sealedSecret,
        connection.createdAtMs,
      );
  }

  remove(name: string): void {
    this.#store.statement('DELETE FROM connection WHERE name = ?').run(name);
  }
}

const toConnection = (row: Row): StoredConnection => ({
  name: row.name,
  target: connectionTarget.parse(JSON.parse(row.target)),
  sealedSecret: row.sealed_secret,
  createdAtMs: row.created_at,
});
