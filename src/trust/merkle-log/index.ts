export {
  type Checkpoint,
  CheckpointSigner,
  ED25519_SEED_BYTES,
  openNote,
  verifyCheckpoint,
} from './checkpoint.ts';
export { appendLeaf, EMPTY_FRONTIER, type Frontier, type LogNode, rootOf } from './frontier.ts';
export { emptyRoot, HASH_BYTES, leafHash } from './hashes.ts';
export { consistencyProof, inclusionProof, type NodeReader, rootAt } from './proofs.ts';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from './verify-proofs.ts';
