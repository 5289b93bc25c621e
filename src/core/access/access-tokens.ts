import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessToken, NewAccessToken, TokenScope } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Store } from '../store/index.ts';

interface Row {
  readonly id: string;
  readonly scope: TokenScope;
  readonly hash: Buffer;
  readonly created_at: number;
  readonly expires_at: number;
  readonly run_id: string | null;
}

/** What a token opens, and the run whose program it was given to; null for one that a person made. */
export interface TokenGrant {
  readonly scope: TokenScope;
  readonly run: string | null;
}

const SECRET_BYTES = 32;
const ID_BYTES = 6;
const TOKEN = /^falaj_([0-9a-f]{12})_([\w-]{43})$/;

/**
 * Tokens for programs, each for one scope and a limited time. A token is its id and 256 random bits; the store keeps a hash of
 * those bits, which needs no salt nor stretching since they cannot be guessed.
 */
export class AccessTokens {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #clock: () => number;
  /** Those that were presented: a program presents its own with every call. The store has one user at a time, which is this. */
  readonly #presented = new Map<string, Row>();

  constructor(parts: { store: Store; audit: AuditLog; clock: () => number }) {
    this.#store = parts.store;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  /**
   * The only time that the token itself is told.
   *
   * @param input.run of the program that it is for: what it reads is kept with that run.
   */
  create(input: { scope: TokenScope; ttlSeconds: number; run?: string }): NewAccessToken {
    const id = randomBytes(ID_BYTES).toString('hex');
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const now = this.#clock();
    const row: Row = {
      id,
      scope: input.scope,
      hash: hashOf(secret),
      created_at: now,
      expires_at: now + input.ttlSeconds * 1000,
      run_id: input.run ?? null,
    };
    this.#store.transaction(() => {
      this.#store.statement(`DELETE FROM access_token WHERE expires_at <= ?`).run(now);
      this.#store
        .statement(
          `INSERT INTO access_token (id, scope, hash, created_at, expires_at, run_id) VALUES (?, ?, ?, ?, ?, ?)`,
        )
        .run(row.id, row.scope, row.hash, row.created_at, row.expires_at, row.run_id);
      this.#audit.append({
        action: 'token.create',
        object: `token/${id}`,
        details: { scope: row.scope, expiresAt: new Date(row.expires_at).toISOString() },
      });
    });
    return { ...describe(row), token: `falaj_${id}_${secret}` };
  }

  /** Those that still let somebody in, newest first. */
  list(): AccessToken[] {
    return this.#store
      .statement<Row>(`SELECT * FROM access_token WHERE expires_at > ? ORDER BY created_at DESC, id`)
      .all(this.#clock())
      .map(describe);
  }

  /** Takes back what was given to the program of a run, unless that was done before. */
  revokeOfRun(run: string): void {
    this.#store.transaction(() => {
      const given = this.#store
        .statement<{ id: string }>(`SELECT id FROM access_token WHERE run_id = ?`)
        .all(run);
      for (const token of given) this.revoke(token);
    });
  }

  /** @throws NOT_FOUND for a token that there is not. */
  revoke(input: { id: string }): { revoked: true } {
    this.#store.transaction(() => {
      const { changes } = this.#store.statement(`DELETE FROM access_token WHERE id = ?`).run(input.id);
      if (changes === 0)
        throw new FalajError('NOT_FOUND', `There is no token ${input.id}.`, {
          hint: 'See `falaj token ls`.',
        });
      this.#audit.append({ action: 'token.revoke', object: `token/${input.id}` });
    });
    this.#presented.delete(input.id);
    return { revoked: true };
  }

  /** What a presented token opens; null for one that is unknown, spent or revoked. */
  grantOf(presented: string): TokenGrant | null {
    const match = TOKEN.exec(presented);
    if (match === null) return null;
    const row = this.#row(match[1]!);
    if (row === undefined || !timingSafeEqual(row.hash, hashOf(match[2]!))) return null;
    if (row.expires_at > this.#clock()) return { scope: row.scope, run: row.run_id };
    this.#presented.delete(row.id);
    return null;
  }

  #row(id: string): Row | undefined {
    const presented = this.#presented.get(id);
    if (presented !== undefined) return presented;
    const row = this.#store.statement<Row>(`SELECT * FROM access_token WHERE id = ?`).get(id);
    if (row !== undefined) this.#presented.set(id, row);
    return row;
  }
}

const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

const describe = (row: Row): AccessToken => ({
  id: row.id,
  scope: row.scope,
  createdAt: new Date(row.created_at).toISOString(),
  expiresAt: new Date(row.expires_at).toISOString(),
});
