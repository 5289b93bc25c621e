/** One vertical line of a parallel-coordinates chart. */
export interface ParallelAxis {
  readonly key: string;
  readonly label: string;
  /** One value per line of the chart; null where it has none. Text makes an axis of categories. */
  readonly values: readonly (number | string | null)[];
}

export interface PlacedAxis {
  readonly key: string;
  readonly label: string;
  readonly scale: 'linear' | 'log' | 'categories';
  /** From 0 at the bottom to 1 at the top, per line of the chart. */
  readonly places: readonly (number | null)[];
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
}

/** Values that span more than this factor are told apart by their logarithm. */
const LOG_FROM_RATIO = 20;
const MOST_CATEGORIES = 12;

/** Where each value stands on its axis; `format` writes the numbers at its ends. */
export function placeAxis(
  { key, label, values }: ParallelAxis,
  format: (value: number) => string,
): PlacedAxis {
  const numbers = values.filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  const isText = values.some((value) => typeof value === 'string');
  if (isText || numbers.length === 0) return placeCategories({ key, label, values });
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const scale = low > 0 && high / low > LOG_FROM_RATIO ? 'log' : 'linear';
  const along = (value: number): number => (scale === 'log' ? Math.log(value) : value);
  const span = along(high) - along(low);
  const middle = scale === 'log' ? Math.sqrt(low * high) : (low + high) / 2;
  return {
    key,
    label,
    scale,
    places: values.map((value) =>
      typeof value !== 'number' || !Number.isFinite(value)
        ? null
        : span === 0
          ? 0.5
          : (along(value) - along(low)) / span,
    ),
    ticks:
      span === 0
        ? [{ place: 0.5, label: format(low) }]
        : [
            { place: 0, label: format(low) },
            { place: 0.5, label: format(middle) },
            { place: 1, label: format(high) },
          ],
  };
}

function placeCategories({ key, label, values }: ParallelAxis): PlacedAxis {
  const names = [...new Set(values.filter((value) => value !== null).map(String))].sort();
  const placeOf = (name: string): number =>
    names.length === 1 ? 0.5 : names.indexOf(name) / (names.length - 1);
  return {
    key,
    label,
    scale: 'categories',
    places: values.map((value) => (value === null ? null : placeOf(String(value)))),
    ticks: names.slice(0, MOST_CATEGORIES).map((name) => ({ place: placeOf(name), label: name })),
  };
}

/** Parts of axes, by key, from the lower to the upper place. */
export type Brushes = Readonly<Record<string, readonly [number, number]>>;

/** Whether a line goes through all that was brushed. */
export const isInside = (axes: readonly PlacedAxis[], brushes: Brushes, line: number): boolean =>
  axes.every(({ key, places }) => {
    const brush = brushes[key];
    if (brush === undefined) return true;
    const place = places[line];
    return place !== null && place !== undefined && place >= brush[0] && place <= brush[1];
  });
