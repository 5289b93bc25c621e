import type { FeatureViewInfo } from '../../../shared/contract/types.ts';

/** A line of the list of features: a view, or one of its features. */
export interface PickRow {
  readonly id: string;
  readonly view: string;
  /** Null for the view's own line. */
  readonly feature: string | null;
  /** The features that its box stands for: `view:feature`. */
  readonly stands: readonly string[];
}

/** Views with their features, those that hold the words searched for. */
export function pickRows(views: readonly FeatureViewInfo[], search: string): PickRow[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return views.flatMap(({ definition: { name: view, features } }) => {
    const found = features
      .map(({ name }) => ({ id: `${view}:${name}`, view, feature: name, stands: [`${view}:${name}`] }))
      .filter(({ id }) => words.every((word) => id.toLowerCase().includes(word)));
    if (found.length === 0) return [];
    return [{ id: view, view, feature: null, stands: found.map(({ id }) => id) }, ...found];
  });
}

export function pickedState({ stands }: PickRow, chosen: readonly string[]): 'all' | 'some' | 'none' {
  const picked = stands.filter((one) => chosen.includes(one)).length;
  return picked === stands.length ? 'all' : picked === 0 ? 'none' : 'some';
}

/** All that the row stands for, or none of it when it was all there. */
export function toggled(row: PickRow, chosen: readonly string[]): string[] {
  const others = chosen.filter((one) => !row.stands.includes(one));
  return pickedState(row, chosen) === 'all' ? others : [...others, ...row.stands];
}
