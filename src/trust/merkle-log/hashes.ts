import { createHash } from 'node:crypto';

/** RFC 6962 section 2.1: leaves and nodes are hashed with different first bytes, so that one cannot pass for the other. */
export const HASH_BYTES = 32;

export const leafHash = (leaf: Uint8Array): Buffer => createHash('sha256').update(LEAF).update(leaf).digest();

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(NODE).update(left).update(right).digest();

/** Root of a log without entries. */
export const emptyRoot = (): Buffer => createHash('sha256').digest();

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
