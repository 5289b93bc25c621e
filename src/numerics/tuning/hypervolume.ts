import type { Losses } from './dominance.ts';

/**
 * The volume that points dominate up to a reference point, of two or three objectives: one number for how good a front is
 * (E. Zitzler and L. Thiele, Multiobjective Optimization Using Evolutionary Algorithms, PPSN 1998). Points that are beyond the
 * reference in any objective add nothing.
 */
export function hypervolume(points: readonly Losses[], reference: Losses): number {
  const inside = points.filter((point) => point.every((loss, at) => loss < reference[at]!));
  if (reference.length === 1) return Math.max(0, ...inside.map(([loss]) => reference[0]! - loss!));
  if (reference.length === 2) return area(inside, reference);
  // Slices along the last objective, each as thick as it is far to the next point.
  const last = reference.length - 1;
  const ordered = inside.toSorted((a, b) => a[last]! - b[last]!);
  return ordered.reduce((volume, point, at) => {
    const to = ordered[at + 1]?.[last] ?? reference[last]!;
    if (to === point[last]!) return volume;
    const slice = ordered.slice(0, at + 1).map((one) => one.slice(0, last));
    return volume + (to - point[last]!) * hypervolume(slice, reference.slice(0, last));
  }, 0);
}

function area(points: readonly Losses[], reference: Losses): number {
  let sum = 0;
  let height = reference[1]!;
  for (const [x, y] of points.toSorted((a, b) => a[0]! - b[0]!)) {
    if (y! >= height) continue;
    sum += (reference[0]! - x!) * (height - y!);
    height = y!;
  }
  return sum;
}

/**
 * As many points as asked for that dominate most together, taken one by one, each the one that adds most: at least 63 % of the
 * best choice (A. Guerreiro et al., Greedy Hypervolume Subset Selection in Low Dimensions, 2016). What a point adds only falls
 * as others are taken, so that most need not be asked again.
 *
 * @returns places in `points`, in the order in which they were taken.
 */
export function widestSubset(points: readonly Losses[], count: number, reference: Losses): number[] {
  const bounds = points.map((point) => hypervolume([point], reference));
  const taken: number[] = [];
  let volume = 0;
  while (taken.length < Math.min(count, points.length)) {
    const asked = new Set<number>();
    for (;;) {
      const most = largest(bounds, taken);
      if (asked.has(most)) {
        taken.push(most);
        volume += bounds[most]!;
        break;
      }
      bounds[most] =
        hypervolume(
          [...taken, most].map((place) => points[place]!),
          reference,
        ) - volume;
      asked.add(most);
    }
  }
  return taken;
}

function largest(values: readonly number[], without: readonly number[]): number {
  let found = -1;
  for (const [place, value] of values.entries())
    if (!without.includes(place) && (found === -1 || value > values[found]!)) found = place;
  return found;
}
