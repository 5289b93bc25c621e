import { emptyRoot, nodeHash } from './hashes.ts';

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** RFC 9162 section 2.1.3.2: is this leaf at this place of the log with this root? */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size))
    return false;
  let node = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(hash, root);
}

export interface ConsistencyClaim {
  readonly firstSize: number;
  readonly firstRoot: Uint8Array;
  readonly secondSize: number;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 section 2.1.4.2: is the first log a beginning of the second? */
export function verifyConsistency({
  firstSize,
  firstRoot,
  secondSize,
  secondRoot,
  proof,
}: ConsistencyClaim): boolean {
  if (
    !(
      Number.isSafeInteger(firstSize) &&
      Number.isSafeInteger(secondSize) &&
      firstSize >= 0 &&
      firstSize <= secondSize
    )
  ) {
    return false;
  }
  if (firstSize === secondSize) return proof.length === 0 && equal(firstRoot, secondRoot);
  if (firstSize === 0) return proof.length === 0 && equal(firstRoot, emptyRoot());
  const isPerfect = Number.isInteger(Math.log2(firstSize));
  const path = isPerfect ? [firstRoot, ...proof] : [...proof];
  const start = path.shift();
  if (start === undefined) return false;
  let node = firstSize - 1;
  let last = secondSize - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let first = start;
  let second = start;
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      first = nodeHash(sibling, first);
      second = nodeHash(sibling, second);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      second = nodeHash(second, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(first, firstRoot) && equal(second, secondRoot);
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
