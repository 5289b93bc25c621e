import { createHash } from 'node:crypto';
import { trainingSetReceipt } from '../../../shared/contract/receipts.ts';
import type { TrainingSetFacts, TrainingSetReceipt } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { VERSION } from '../../../shared/version.ts';
import { canonicalJson } from '../../../trust/canonical-json.ts';
import { signJson, verifyJson } from '../../../trust/signed-json/index.ts';
import type { AuditLog } from '../../audit/index.ts';
import { type SecretSealer, SigningKeyStore } from '../../registry/index.ts';
import type { Store } from '../../store/index.ts';
import type { SetDescription } from './describe-set.ts';

export interface ReceiptBookOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly vault: SecretSealer & { readonly workspaceId: string };
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** A receipt that was given out, under its own digest. */
export interface KeptReceipt {
  readonly id: string;
  readonly receipt: TrainingSetReceipt;
}

export const RECEIPT_TYPE = 'application/vnd.falaj.training-set-receipt+json';
const ID_DIGITS = 32;

/** Signs receipts with the workspace's key and keeps each that is given out. */
export class ReceiptBook {
  readonly #options: ReceiptBookOptions;
  readonly #keys: SigningKeyStore;

  constructor(options: ReceiptBookOptions) {
    this.#options = options;
    this.#keys = new SigningKeyStore(options);
  }

  sign(set: SetDescription, run: string | null): KeptReceipt {
    const { clock, vault } = this.#options;
    const facts: TrainingSetFacts = {
      format: 'falaj-training-set-receipt/1',
      semantics: 'falaj-point-in-time/1',
      falaj: VERSION,
      workspace: vault.workspaceId,
      builtAt: new Date(clock()).toISOString(),
      run,
      ...set,
    };
    const receipt = this.#keys.use((privateKeyPem, { keyId }) =>
      signJson(facts, RECEIPT_TYPE, { privateKeyPem, keyId }),
    );
    return { id: this.idOf(receipt), receipt };
  }

  /** The same whoever signed it, since a signature is another each time. */
  idOf({ signature: _signature, ...facts }: TrainingSetReceipt): string {
    return createHash('sha256').update(canonicalJson(facts)).digest('hex').slice(0, ID_DIGITS);
  }

  /** On record before it is handed out. */
  keep({ id, receipt }: KeptReceipt): void {
    const { store, audit } = this.#options;
    store.transaction(() => {
      store
        .statement('INSERT INTO feature_receipt (id, built_at, receipt) VALUES (?, ?, ?)')
        .run(id, Date.parse(receipt.builtAt), canonicalJson(receipt));
      audit.append({
        action: 'features.receipt',
        object: `training-set/${id}`,
        details: {
          rows: receipt.output.rows,
          contentHash: receipt.output.contentHash,
          key: receipt.signature.keyId,
          ...(receipt.run === null ? {} : { run: receipt.run }),
        },
      });
    });
  }

  /**
   * A receipt that was given out here.
   *
   * @throws NOT_FOUND.
   */
  get(id: string): TrainingSetReceipt {
    const row = this.#options.store
      .statement<{ receipt: string }>('SELECT receipt FROM feature_receipt WHERE id = ?')
      .get(id);
    if (row !== undefined) return trainingSetReceipt.parse(JSON.parse(row.receipt));
    throw new FalajError('NOT_FOUND', `There is no receipt of a training set ${id}.`, {
      hint: 'falaj lineage lists the training sets of a view, a run or a model.',
    });
  }

  /** Oldest first. */
  all(): KeptReceipt[] {
    return this.#options.store
      .statement<{ id: string; receipt: string }>(
        'SELECT id, receipt FROM feature_receipt ORDER BY built_at, id',
      )
      .all()
      .map(({ id, receipt }) => ({ id, receipt: trainingSetReceipt.parse(JSON.parse(receipt)) }));
  }

  /** Whether this workspace signed the receipt as it stands. */
  holds(receipt: TrainingSetReceipt): boolean {
    const key = this.#keys.publicKey();
    return (
      key !== null &&
      key.keyId === receipt.signature.keyId &&
      verifyJson(receipt, RECEIPT_TYPE, key.publicKeyPem)
    );
  }
}

/** The text of a receipt's file: canonical, so that equal receipts are equal files. */
export const receiptText = (receipt: TrainingSetReceipt): string => `${canonicalJson(receipt)}\n`;
