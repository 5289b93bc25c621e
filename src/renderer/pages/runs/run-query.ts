/** What the search field of the list of runs asks for. */
export type RunQuery = { readonly filter: string } | { readonly text: string };

const ENTITY = /^\s*[`"]?(?:metric|param|parameter|tag|attribute|attr|dataset)s?[`"]?\s*\./i;
const COMPARISON = /[<>=]/;

/** A condition such as `metrics.auc > 0.9` is a filter; anything else is text to be found in names, ids and tags. */
export const readRunQuery = (wanted: string): RunQuery =>
  COMPARISON.test(wanted) || ENTITY.test(wanted) ? { filter: wanted } : { text: wanted.trim() };

const ATTRIBUTES: Readonly<Record<string, string>> = {
  status: 'status',
  name: 'run_name',
  experiment: 'experiment',
  started: 'start_time',
  duration: 'duration',
};

/** A column's place in an order of the search: `metric.auc` is `metrics."auc"`. Null for a column that no search orders by. */
export function orderKey(column: string): string | null {
  const [, entity, name] = /^(metric|param|tag)\.(.+)$/s.exec(column) ?? [];
  if (name !== undefined) return `${entity!}s.${name.includes('"') ? `\`${name}\`` : `"${name}"`}`;
  return Object.hasOwn(ATTRIBUTES, column) ? `attributes.${ATTRIBUTES[column]!}` : null;
}

/** An order as it stands in an address: `metric.auc`, or `-started` for the greatest first. */
export const orderText = ({ id, descending }: { id: string; descending: boolean }): string =>
  descending ? `-${id}` : id;

export function readOrder(text: string | null): { id: string; descending: boolean } | null {
  if (text === null) return null;
  const descending = text.startsWith('-');
  const id = descending ? text.slice(1) : text;
  return orderKey(id) === null ? null : { id, descending };
}
