import { z } from 'zod';
import type { Store } from '../store/index.ts';
import type { Part, StoredPart, VersionPart } from './history/part.ts';

interface PartRow {
  readonly id: number;
  readonly rows: number;
  readonly digest: string;
  readonly source: string;
  readonly arrivals: string;
  readonly blob_id: string;
  readonly directory_offset: number;
  readonly directory_bytes: number;
  readonly stored_bytes: number;
  readonly superseded_rows: number;
  readonly superseded_blob: string | null;
}

const arrivalsSchema = z.array(z.object({ rows: z.number().int(), importedAtMs: z.number().int() }));

/** The parts of datasets' versions as rows; versions share parts. */
export class PartTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  of(name: string, version: number): VersionPart<StoredPart>[] {
    return this.#store
      .statement<PartRow>(
        `SELECT p.*, v.superseded_rows, v.superseded_blob FROM data_version_part v
         JOIN data_part p ON p.id = v.part WHERE v.name = ? AND v.version = ? ORDER BY v.position`,
      )
      .all(name, version)
      .map(toVersionPart);
  }

  /** A part that is kept already is only referred to. */
  insert(name: string, version: number, parts: readonly VersionPart<Part | StoredPart>[]): void {
    for (const [position, { part, supersededRows, supersededBlob }] of parts.entries()) {
      this.#store
        .statement('INSERT INTO data_version_part VALUES (?,?,?,?,?,?)')
        .run(
          name,
          version,
          position,
          'id' in part ? part.id : this.#insertPart(part),
          supersededRows,
          supersededBlob,
        );
    }
  }

  /** Parts that no version refers to any more. */
  removeUnused(): void {
    this.#store
      .statement('DELETE FROM data_part WHERE NOT EXISTS (SELECT 1 FROM data_version_part WHERE part = id)')
      .run();
  }

  #insertPart(part: Part): number {
    const { lastInsertRowid } = this.#store
      .statement(
        `INSERT INTO data_part (rows, digest, source, arrivals, blob_id, directory_offset, directory_bytes, stored_bytes)
         VALUES (?,?,?,?,?,?,?,?)`,
      )
      .run(
        part.rows,
        part.digest,
        part.source,
        JSON.stringify(part.arrivals),
        part.blobId,
        part.directoryOffset,
        part.directoryBytes,
        part.storedBytes,
      );
    return Number(lastInsertRowid);
  }
}

const toVersionPart = (row: PartRow): VersionPart<StoredPart> => ({
  part: {
    id: row.id,
    rows: row.rows,
    digest: row.digest,
    source: row.source,
    arrivals: arrivalsSchema.parse(JSON.parse(row.arrivals)),
    blobId: row.blob_id,
    directoryOffset: row.directory_offset,
    directoryBytes: row.directory_bytes,
    storedBytes: row.stored_bytes,
  },
  supersededRows: row.superseded_rows,
  supersededBlob: row.superseded_blob,
});
