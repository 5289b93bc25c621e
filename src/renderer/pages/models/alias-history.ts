import type { AuditEntry } from '../../../shared/contract/types.ts';

export interface AliasMove {
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  readonly alias: string;
  readonly from: number | null;
  /** Null when the alias was removed. */
  readonly to: number | null;
}

/** Where the aliases of a model pointed over time, newest first, as the audit log tells it. */
export function aliasMoves(entries: readonly AuditEntry[], name: string): readonly AliasMove[] {
  return entries
    .flatMap(({ action, object, result, details, sequence, at, actor }) => {
      const { alias, from, to } = details;
      if (
        (action !== 'model.alias' && action !== 'model.alias.remove') ||
        result !== 'done' ||
        !object.startsWith(`model/${name}:`)
      )
        return [];
      if (typeof alias !== 'string' || (typeof to !== 'number' && to !== null)) return [];
      return [{ sequence, at, actor, alias, to, from: typeof from === 'number' ? from : null }];
    })
    .sort((a, b) => b.sequence - a.sequence);
}
