import { emptyRoot, nodeHash } from './hashes.ts';

/** Gives the hash of a finished node. */
export type NodeReader = (level: number, position: number) => Uint8Array;

/** Largest power of two below `size` (size ≥ 2). */
const splitPoint = (size: number): number => 2 ** Math.floor(Math.log2(size - 1));

/** Root of the subtree over leaves [begin, end), from finished nodes. `begin` is where such a subtree can start. */
function rangeHash(begin: number, end: number, node: NodeReader): Uint8Array {
  const size = end - begin;
  if (size === 0) return emptyRoot();
  const level = Math.log2(size);
  if (Number.isInteger(level)) return node(level, begin / size);
  const split = splitPoint(size);
  return nodeHash(rangeHash(begin, begin + split, node), rangeHash(begin + split, end, node));
}

/** Root of the first `size` leaves: any earlier state of the log can be had again. */
export const rootAt = (size: number, node: NodeReader): Buffer => Buffer.from(rangeHash(0, size, node));

/** RFC 6962 section 2.1.1: PATH(index, D[size]), leaf side first. */
export function inclusionProof(index: number, size: number, node: NodeReader): Buffer[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`Entry ${index} is not in a log of ${size}.`);
  const path = (begin: number, end: number): Uint8Array[] => {
    if (end - begin === 1) return [];
    const split = begin + splitPoint(end - begin);
    return index < split
      ? [...path(begin, split), rangeHash(split, end, node)]
      : [...path(split, end), rangeHash(begin, split, node)];
  };
  return path(0, size).map((hash) => Buffer.from(hash));
}

/** RFC 6962 section 2.1.2: PROOF(first, D[second]). Empty when either log is empty or both are the same. */
export function consistencyProof(first: number, second: number, node: NodeReader): Buffer[] {
  if (!(first >= 0 && first <= second))
    throw new RangeError(`A log of ${first} is not a beginning of one of ${second}.`);
  if (first === 0 || first === second) return [];
  const subproof = (begin: number, end: number, isWhole: boolean): Uint8Array[] => {
    if (end === first) return isWhole ? [] : [rangeHash(begin, end, node)];
    const split = begin + splitPoint(end - begin);
    return first <= split
      ? [...subproof(begin, split, isWhole), rangeHash(split, end, node)]
      : [...subproof(split, end, false), rangeHash(begin, split, node)];
  };
  return subproof(0, second, true).map((hash) => Buffer.from(hash));
}
