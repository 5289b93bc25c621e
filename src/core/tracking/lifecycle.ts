/** Which of the kept things a list shows: those in use, those deleted (and restorable), or both. */
export type View = 'active' | 'deleted' | 'all';

export type Lifecycle = 'active' | 'deleted';

/** SQL over a `lifecycle` column. */
export const lifecycleCondition = (column: string, view: View): string =>
  view === 'all' ? '1' : `${column} = '${view}'`;
