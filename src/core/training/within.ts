/** Where a part of the work is in the progress of the whole. */
export const within = ([from, to]: readonly [number, number], fraction: number): number =>
  from + (to - from) * fraction;
