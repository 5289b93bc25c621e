import { implement } from '@orpc/server';
import { contract } from '../../shared/contract/index.ts';
import type { CallContext } from './call-context.ts';
import { toPublicError } from './public-error.ts';

/** The contract with one rule on every procedure: whatever is thrown leaves as an error of the contract. */
export function implementContract(report: (error: unknown) => void) {
  return implement(contract)
    .$context<CallContext>()
    .use(async ({ next }) => {
      try {
        return await next();
      } catch (error) {
        throw toPublicError(error, report);
      }
    });
}

export type DomainBuilder = ReturnType<typeof implementContract>;
