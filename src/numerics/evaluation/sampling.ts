/** At most so many of the numbers from 0 below `count`, at like distances, the first included. */
export function evenlySpaced(count: number, most: number): Uint32Array {
  const taken = Math.min(count, most);
  return Uint32Array.from({ length: taken }, (_, at) => Math.floor((at * count) / taken));
}

/** A random part of the numbers from 0 below `count`, ascending (Knuth's selection sampling, algorithm S). */
export function randomPart(count: number, size: number, random: () => number): Uint32Array {
  if (size >= count) return evenlySpaced(count, count);
  const rows = new Uint32Array(size);
  let taken = 0;
  for (let row = 0; taken < size; row++) if (random() * (count - row) < size - taken) rows[taken++] = row;
  return rows;
}

/** Chances of drawing a row at most 0, 1, 2 … times in a resample as large as the rows: Poisson with mean 1. */
const CUMULATIVE = (() => {
  const chances: number[] = [];
  let [term, sum] = [Math.exp(-1), 0];
  for (let times = 0; times < 12; times++) {
    sum += term;
    chances.push(sum);
    term /= times + 1;
  }
  return chances;
})();

/** How often each row is drawn in one resample (the Poisson bootstrap, Hanley and MacGibbon 2006). */
export function drawMultiplicity(target: Uint8Array, random: () => number): void {
  for (let row = 0; row < target.length; row++) {
    const chance = random();
    let times = 0;
    while (times < CUMULATIVE.length && chance > CUMULATIVE[times]!) times++;
    target[row] = times;
  }
}
