import { hash } from 'node:crypto';

/** RFC 6962 section 2.1: leaves and nodes are hashed with different first bytes, so that one cannot pass for the other. */
export const HASH_BYTES = 32;

export const leafHash = (leaf: Uint8Array): Buffer => sha256(LEAF, leaf);

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** Root of a log without entries. */
export const emptyRoot = (): Buffer => sha256();

/** In one call: an entry takes three, and the library's objects that hash step by step cost more than these few bytes. */
const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
