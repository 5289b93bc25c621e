/**
 * Heights at which dots of one row do not cover each other where there is room: dots that fall into the same column stack up
 * from the middle, alternately above and below, and are squeezed together where they would leave the row.
 *
 * @param xs in pixels
 * @param width of a column and distance between stacked dots, in pixels
 * @param room on either side of the middle, in pixels
 */
export function beeswarm(xs: readonly number[], width: number, room: number): number[] {
  const columnOf = (x: number): number => Math.round(x / width);
  const totals = new Map<number, number>();
  for (const x of xs) totals.set(columnOf(x), (totals.get(columnOf(x)) ?? 0) + 1);
  const placed = new Map<number, number>();
  return xs.map((x) => {
    const column = columnOf(x);
    const place = placed.get(column) ?? 0;
    placed.set(column, place + 1);
    const levels = Math.ceil(((totals.get(column) ?? 1) - 1) / 2);
    const step = levels === 0 ? 0 : Math.min(width, room / levels);
    return (place % 2 === 0 ? 1 : -1) * Math.ceil(place / 2) * step;
  });
}
