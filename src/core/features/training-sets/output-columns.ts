import { FalajError } from '../../../shared/errors.ts';
import type { Table } from '../../../shared/table/column.ts';

export type NamesForm = 'full' | 'feature';

/** The features under the names asked for: bare ones only when no two columns of the output would be the same. */
export function outputColumns<Named extends { readonly name: string }>(
  joined: readonly Named[],
  names: NamesForm,
  spine: Table,
): Named[] {
  const bare = (name: string): string => name.slice(name.indexOf('__') + 2);
  const renamed =
    names === 'full' ? [...joined] : joined.map((column) => ({ ...column, name: bare(column.name) }));
  const seen = new Set(spine.columns.map(({ name }) => name));
  for (const { name } of renamed) {
    if (seen.has(name)) {
      throw new FalajError('CONFLICT', `Two columns of the output would be called "${name}".`, {
        hint:
          names === 'full'
            ? 'Rename that column of the entities, or take the view under another name: {view: …, as: …} in a service.'
            : 'Use --names full.',
      });
    }
    seen.add(name);
  }
  return renamed;
}
