import { performance } from 'node:perf_hooks';
import type { z } from 'zod';
import type { connectedImportInput, connectedPeekInput } from '../../shared/contract/connections.ts';
import type {
  ChangedRoom,
  Connection,
  ConnectionCheck,
  ImportOutcome,
  PeekedTable,
} from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import { type DataRoom, type ImportSource, type PeekOptions, peekTable } from '../data/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { Store } from '../store/index.ts';
import { ConnectionTable, type ConnectionTarget, type StoredConnection } from './connection-table.ts';
import { assertSecretFits, type ConnectionSecret, describeTarget, targetHost } from './connection-target.ts';
import { type Opened, readable, sourceOf } from './sources.ts';

export interface ConnectionRoomOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly data: DataRoom;
  readonly vault: {
    sealSecret(bytes: Uint8Array, purpose: string): Buffer;
    openSecret(sealed: Uint8Array, purpose: string): Buffer;
  };
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export type ConnectedImport = z.output<typeof connectedImportInput>;
export type ConnectedPeek = z.output<typeof connectedPeekInput>;

const purpose = (name: string): string => `connection/${name}`;

/** Named ways to where data lies. Each only reads, and is used only when a person asks for it. */
export class ConnectionRoom {
  readonly #options: ConnectionRoomOptions;
  readonly #table: ConnectionTable;

  constructor(options: ConnectionRoomOptions) {
    this.#options = options;
    this.#table = new ConnectionTable(options.store);
  }

  list(): Connection[] {
    return this.#table.list().map(toPublic);
  }

  /** Keeps a target; what is secret is sealed under the vault's keys and never leaves again. */
  add(input: { name: string; target: ConnectionTarget; secret?: ConnectionSecret | undefined }): Connection {
    const { store, audit, vault, clock, notify } = this.#options;
    assertSecretFits(input.target, input.secret);
    if (this.#table.find(input.name) !== undefined) {
      throw new FalajError('ALREADY_EXISTS', `There is already a connection "${input.name}".`, {
        hint: `Choose another name, or remove it first: falaj connections rm ${input.name}`,
        details: { name: input.name },
      });
    }
    const connection: StoredConnection = {
      name: input.name,
      target: input.target,
      sealedSecret:
        input.secret === undefined
          ? null
          : vault.sealSecret(Buffer.from(JSON.stringify(input.secret), 'utf8'), purpose(input.name)),
      createdAtMs: clock(),
    };
    store.transaction(() => {
      this.#table.insert(connection);
      audit.append({
        action: 'connection.add',
        object: `connection/${input.name}`,
        details: facts(input.target),
      });
    });
    notify('connections');
    return toPublic(connection);
  }

  remove(input: { name: string }): { removed: true } {
    const { store, audit, notify } = this.#options;
    const { target } = this.#table.get(input.name);
    store.transaction(() => {
      this.#table.remove(input.name);
      audit.append({
        action: 'connection.remove',
        object: `connection/${input.name}`,
        details: facts(target),
      });
    });
    notify('connections');
    return { removed: true };
  }

  /** Connects, and says what can be read. */
  async check(context: Pick<JobContext, 'signal'>, input: { name: string }): Promise<ConnectionCheck> {
    const opened = this.#open(input.name);
    const startedAt = performance.now();
    const found = await readable(opened, context.signal);
    return {
      name: input.name,
      target: describeTarget(opened.target),
      readable: found,
      latencyMs: Math.round((performance.now() - startedAt) * 10) / 10,
    };
  }

  /** Imports what the input selects, like an import of files; nothing stays of one that does not end well. */
  async import(
    context: Pick<JobContext, 'signal' | 'progress' | 'log'>,
    input: ConnectedImport,
  ): Promise<ImportOutcome> {
    const { from, table, query, objects, ...dataset } = input;
    const { files, source } = this.#selected(input, context.signal);
    return this.#options.data.import(context, { ...dataset, files }, source);
  }

  /** The columns and first rows of what the input selects; nothing of them is kept. */
  peek(input: ConnectedPeek, options: Pick<PeekOptions, 'signal'> = {}): Promise<PeekedTable> {
    const { signal = new AbortController().signal } = options;
    const { files, source } = this.#selected(input, signal);
    return peekTable(files, { format: input.format, signal }, source);
  }

  /** What the input selects as files by names of its own, and the way to read them. */
  #selected(
    { from, table, query, objects, format }: ConnectedPeek,
    signal: AbortSignal,
  ): { files: string[]; source: ImportSource } {
    const { source, names } = sourceOf(this.#table.get(from).target, { table, query, objects, format });
    const opened = this.#open(from);
    const label = (name: string): string => `${from}: ${name}`;
    return {
      files: names.map(label),
      source: (files, options, use) =>
        source(
          opened,
          names.filter((name) => files.includes(label(name))),
          { ...options, signal: options.signal ?? signal },
          use,
        ),
    };
  }

  /** Recorded before the first byte goes out: where to, and by whom. */
  #open(name: string): Opened {
    const { store, audit, vault } = this.#options;
    const { target, sealedSecret } = this.#table.get(name);
    store.transaction(() =>
      audit.append({ action: 'connection.use', object: `connection/${name}`, details: facts(target) }),
    );
    const secret =
      sealedSecret === null
        ? null
        : (JSON.parse(vault.openSecret(sealedSecret, purpose(name)).toString('utf8')) as ConnectionSecret);
    return { target, secret };
  }
}

const facts = (target: ConnectionTarget): { kind: string; host: string } => ({
  kind: target.kind,
  host: targetHost(target) ?? 'this machine',
});

const toPublic = ({ name, target, sealedSecret, createdAtMs }: StoredConnection): Connection => ({
  name,
  kind: target.kind,
  target: describeTarget(target),
  hasSecret: sealedSecret !== null,
  createdAt: new Date(createdAtMs).toISOString(),
});
