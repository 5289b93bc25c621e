import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendLeaf,
  CheckpointSigner,
  consistencyProof,
  EMPTY_FRONTIER,
  emptyRoot,
  type Frontier,
  inclusionProof,
  leafHash,
  openNote,
  rootAt,
  rootOf,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

/** The leaves and roots of the Certificate Transparency reference tests (RFC 6962 trees of size 1 to 8). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

interface Log {
  readonly frontiers: Frontier[];
  readonly leaves: Buffer[];
  node(level: number, position: number): Buffer;
}
function grow(leaves: readonly Uint8Array[]): Log {
  const nodes = new Map<string, Buffer>();
  const frontiers = [EMPTY_FRONTIER];
  const hashes = leaves.map(leafHash);
  for (const hash of hashes) {
    const { frontier, finished } = appendLeaf(frontiers.at(-1)!, hash);
    for (const node of finished) nodes.set(`${node.level}/${node.position}`, node.hash);
    frontiers.push(frontier);
  }
  const node = (level: number, position: number) => {
    const hash = nodes.get(`${level}/${position}`);
    if (hash === undefined) throw new Error(`node ${level}/${position} is not finished`);
    return hash;
  };
  return { frontiers, leaves: hashes, node };
}
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => Buffer.from(`entry ${index}`));

describe('the tree of RFC 6962', () => {
  it('has the published roots', () => {
    const { frontiers, node } = grow(LEAVES.map((leaf) => Buffer.from(leaf, 'hex')));
    expect(rootOf(frontiers[0]!).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    for (const [index, root] of ROOTS.entries()) {
      expect(rootOf(frontiers[index + 1]!).toString('hex')).toBe(root);
      expect(rootAt(index + 1, node).toString('hex')).toBe(root);
    }
  });

  it('proves that every entry is in every log of up to 130', () => {
    const { frontiers, leaves, node } = grow(numbered(130));
    for (let size = 1; size <= 130; size++) {
      const root = rootOf(frontiers[size]!);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, node);
        expect(verifyInclusion({ index, size, leafHash: leaves[index]!, proof, root })).toBe(true);
      }
    }
  });

  it('proves for every pair up to 130 that the longer log only added', () => {
    const { frontiers, node } = grow(numbered(130));
    for (let first = 0; first <= 130; first++) {
      for (let second = first; second <= 130; second++) {
        const proof = consistencyProof(first, second, node);
        const claim = {
          firstSize: first,
          secondSize: second,
          firstRoot: rootOf(frontiers[first]!),
          secondRoot: rootOf(frontiers[second]!),
          proof,
        };
        expect(verifyConsistency(claim)).toBe(true);
      }
    }
  });

  it('keeps its roots right far beyond', () => {
    const { frontiers, node } = grow(numbered(1100));
    for (let size = 0; size <= 1100; size++)
      expect(rootAt(size, node).equals(rootOf(frontiers[size]!))).toBe(true);
  });

  it('believes no proof in which anything was changed', () => {
    const { frontiers, leaves, node } = grow(numbered(300));
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), fc.nat(255), (size, a, b, bit) => {
        const index = a % size;
        const root = rootOf(frontiers[size]!);
        const proof = inclusionProof(index, size, node);
        const good = { index, size, leafHash: leaves[index]!, proof, root };
        const damaged = proof.map((hash) => Buffer.from(hash));
        damaged[b % damaged.length]![bit >> 3]! ^= 1 << (bit & 7);
        expect(verifyInclusion(good)).toBe(true);
        expect(verifyInclusion({ ...good, proof: damaged })).toBe(false);
        expect(verifyInclusion({ ...good, proof: proof.slice(1) })).toBe(false);
        expect(verifyInclusion({ ...good, proof: [...proof, root] })).toBe(false);
        expect(verifyInclusion({ ...good, leafHash: leafHash(Buffer.from('forged')) })).toBe(false);
        expect(verifyInclusion({ ...good, index: (index + 1) % size })).toBe(false);

        const first = 1 + (b % (size - 1));
        const consistency = consistencyProof(first, size, node);
        const claim = {
          firstSize: first,
          firstRoot: rootOf(frontiers[first]!),
          secondSize: size,
          secondRoot: root,
          proof: consistency,
        };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, firstRoot: emptyRoot() })).toBe(false);
        expect(verifyConsistency({ ...claim, secondRoot: emptyRoot() })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: consistency.slice(1) })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...consistency, root] })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a checkpoint', () => {
  const signer = new CheckpointSigner('falaj.local/w1', Buffer.alloc(32, 3));
  const root = leafHash(Buffer.from('x'));
  const note = signer.sign(42, root);

  it('is a signed note that the verifier key opens', () => {
    expect(note.split('\n').slice(0, 3)).toEqual(['falaj.local/w1', '42', root.toString('base64')]);
    expect(note).toMatch(/\n\n\u2014 falaj\.local\/w1 [A-Za-z0-9+/=]+\n$/);
    expect(verifyCheckpoint(note, signer.verifierKey)).toEqual({ origin: 'falaj.local/w1', size: 42, root });
  });

  it('is refused when its text changed or another key signed it', () => {
    expect(verifyCheckpoint(note.replace('\n42\n', '\n43\n'), signer.verifierKey)).toBeNull();
    const other = new CheckpointSigner('falaj.local/w1', Buffer.alloc(32, 4));
    expect(verifyCheckpoint(note, other.verifierKey)).toBeNull();
    expect(verifyCheckpoint('nothing', signer.verifierKey)).toBeNull();
    expect(() =>
      verifyCheckpoint(note, `falaj.local/w1+00000000+${signer.verifierKey.split('+')[2]}`),
    ).toThrow(RangeError);
  });

  it('reads a note and key of the Go implementation (golang.org/x/mod/sumdb/note)', () => {
    const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const signature =
      '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
    expect(openNote(`${text}\n${signature}`, key)).toBe(text);
    expect(openNote(`${text.replace('know', 'knew')}\n${signature}`, key)).toBeNull();
    // A good signature does not make it a checkpoint.
    expect(verifyCheckpoint(`${text}\n${signature}`, key)).toBeNull();
  });
});
