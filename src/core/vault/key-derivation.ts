import { z } from 'zod';

const MEBIBYTE_KIB = 1024;

/** Argon2id v1.3 (RFC 9106). Memory in KiB. */
export interface DerivationCost {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** What a new passphrase slot asks for. On a 2-core machine it takes 0.3 to 0.5 s. */
export const DEFAULT_COST: DerivationCost = { memoryKib: 64 * MEBIBYTE_KIB, iterations: 3, parallelism: 4 };

/** The least that is accepted, written or read (OWASP password storage cheat sheet). */
export const FLOOR_COST: DerivationCost = { memoryKib: 19 * MEBIBYTE_KIB, iterations: 2, parallelism: 1 };

/** The dearest that a file may ask for. */
const CEILING_COST: DerivationCost = { memoryKib: 1024 * MEBIBYTE_KIB, iterations: 20, parallelism: 16 };

/** Caps on what a file may ask for, checked before anything is allocated: a hostile header is not a denial of service. */
export const derivationSchema = z.object({
  name: z.literal('argon2id'),
  memoryKib: z.number().int().min(FLOOR_COST.memoryKib).max(CEILING_COST.memoryKib),
  iterations: z.number().int().min(FLOOR_COST.iterations).max(CEILING_COST.iterations),
  parallelism: z.number().int().min(FLOOR_COST.parallelism).max(CEILING_COST.parallelism),
  salt: z.string().regex(/^(?:[0-9a-f]{2}){16,64}$/),
});

export type Derivation = z.infer<typeof derivationSchema>;

/** A wrong passphrase is tried on every slot: together they may not ask for more work than the dearest one. */
export const isBearable = (derivations: readonly DerivationCost[]): boolean =>
  derivations.reduce((sum, cost) => sum + workOf(cost), 0) <= workOf(CEILING_COST);

const workOf = ({ memoryKib, iterations }: DerivationCost): number => memoryKib * iterations;

/** What the worker is asked. The secret's bytes are handed over, not copied. */
export interface DerivationRequest extends DerivationCost {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
}

export const DERIVED_KEY_BYTES = 32;
