// AssemblyScript: binning, row lists and records of the boosted trees, compiled by scripts/build-kernels.mjs.
//
// All pointers are byte addresses in one imported memory. A row is a record [i64 packed gradient][u8 bin × features], so
// that a scattered row costs one cache line, and has its bins a second time by column, for the partition.

/** Sorts `count` float32 values without NaN: three passes of 11 bits over keys that ascend like the numbers. `counts` is 8 KiB. */
export function sortValues(values: usize, spare: usize, counts: usize, count: u32): void {
  const end = values + (<usize>count << 2);
  for (let at = values; at < end; at += 4) {
    const bits = load<u32>(at);
    store<u32>(at, bits & 0x80000000 ? ~bits : bits | 0x80000000);
  }
  let source = values, target = spare;
  for (let shift: u32 = 0; shift < 33; shift += 11) {
    memory.fill(counts, 0, 8192);
    const last = source + (<usize>count << 2);
    for (let at = source; at < last; at += 4) {
      const slot = counts + (<usize>((load<u32>(at) >> shift) & 2047) << 2);
      store<u32>(slot, load<u32>(slot) + 1);
    }
    let before: u32 = 0;
    for (let slot = counts; slot < counts + 8192; slot += 4) {
      const here = load<u32>(slot);
      store<u32>(slot, before);
      before += here;
    }
    for (let at = source; at < last; at += 4) {
      const key = load<u32>(at);
      const slot = counts + (<usize>((key >> shift) & 2047) << 2);
      const place = load<u32>(slot);
      store<u32>(slot, place + 1);
      store<u32>(target + (<usize>place << 2), key);
    }
    const was = source;
    source = target;
    target = was;
  }
  for (let at: usize = 0; at < <usize>count << 2; at += 4) {
    const key = load<u32>(source + at);
    store<u32>(values + at, key & 0x80000000 ? key ^ 0x80000000 : ~key);
  }
}

/** The upper half of a float's bits, ascending like the numbers. */
@inline
function bucket(bits: u32): usize {
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >> 16;
}

/**
 * Writes the bin of each value: the number of ascending edges below it; 255 for a missing value. `table` is 64 KiB and one
 * byte: for each bucket of numbers the first edge that may decide, so that few comparisons are left.
 */
export function placeBins(values: usize, count: u32, edges: usize, edgeCount: u32, table: usize, bins: usize): void {
  for (let at = values, end = values + (<usize>count << 2); at < end; at += 4, bins++) {
    const bits = load<u32>(at);
    if ((bits & 0x7fffffff) > 0x7f800000) {
      store<u8>(bins, 255);
      continue;
    }
    const value = load<f32>(at), place = table + bucket(bits);
    let low = <usize>load<u8>(place), high = <usize>load<u8>(place, 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (load<f32>(edges + (middle << 2)) < value) low = middle + 1;
      else high = middle;
    }
    store<u8>(bins, <u8>low);
  }
}

/** Fills the table of `placeBins`. */
export function fillBinTable(edges: usize, edgeCount: u32, table: usize): void {
  let from: usize = 0;
  for (let edge: u32 = 0; edge < edgeCount; edge++) {
    const upTo = bucket(load<u32>(edges + (<usize>edge << 2))) + 1;
    if (upTo <= from) continue;
    memory.fill(table + from, <u8>edge, upTo - from);
    from = upTo;
  }
  memory.fill(table + from, <u8>edgeCount, 65537 - from);
}

/** Gathers the bins of rows [from, to) of all columns into their records; `columnStride` bytes lie between columns. */
export function buildRecords(columns: usize, columnStride: usize, features: u32, records: usize, stride: usize, from: u32, to: u32): void {
  let feature: u32 = 0;
  for (; feature + 8 <= features; feature += 8) {
    const c0 = columns + <usize>feature * columnStride, c1 = c0 + columnStride, c2 = c1 + columnStride, c3 = c2 + columnStride;
    const c4 = c3 + columnStride, c5 = c4 + columnStride, c6 = c5 + columnStride, c7 = c6 + columnStride;
    let record = records + <usize>from * stride + 8 + feature;
    for (let row = from; row < to; row++, record += stride) {
      const low = <u64>load<u8>(c0 + row) | (<u64>load<u8>(c1 + row) << 8) | (<u64>load<u8>(c2 + row) << 16) | (<u64>load<u8>(c3 + row) << 24);
      const high = <u64>load<u8>(c4 + row) | (<u64>load<u8>(c5 + row) << 8) | (<u64>load<u8>(c6 + row) << 16) | (<u64>load<u8>(c7 + row) << 24);
      store<u64>(record, low | (high << 32));
    }
  }
  for (; feature < features; feature++) {
    const column = columns + <usize>feature * columnStride;
    let record = records + <usize>from * stride + 8 + feature;
    for (let row = from; row < to; row++, record += stride) store<u8>(record, load<u8>(column + row));
  }
}

/** Writes the row numbers [from, to); returns the end of the list. */
export function numberRows(list: usize, from: u32, to: u32): usize {
  for (let row = from; row < to; row++, list += 4) store<u32>(list, row);
  return list;
}

/** A well-mixed number of a row and a seed (the finaliser of MurmurHash3). */
@inline
function mixed(row: u32, seed: u32): u32 {
  let x = row * 0x9e3779b1 ^ seed;
  x = (x ^ (x >> 16)) * 0x85ebca6b;
  x = (x ^ (x >> 13)) * 0xc2b2ae35;
  return x ^ (x >> 16);
}

let outsideEnd: usize = 0;

/** The end of the rows that the last `sampleRows` left out. */
export function endOfOutside(): usize {
  return outsideEnd;
}

/** Splits the row numbers [from, to) into those drawn, with chance `limit`/2³², and those left out, by nothing but row and seed. */
export function sampleRows(inside: usize, outside: usize, from: u32, to: u32, seed: u32, limit: u32): usize {
  for (let row = from; row < to; row++) {
    const step = <usize>(mixed(row, seed) < limit) << 2;
    store<u32>(inside, row);
    store<u32>(outside, row);
    inside += step;
    outside += 4 - step;
  }
  outsideEnd = outside;
  return inside;
}

/**
 * Stable partition of the row numbers [begin, end) by one column of bins, without branches: each row is written to
 * both sides and one side advances. Missing rows (bin 255) go left when `missingLeft` is 1: adding 1 to both sides of the
 * comparison makes 255 wrap to 0. Returns the end of the left side.
 */
export function partition(column: usize, bin: u32, missingLeft: u32, begin: usize, end: usize, scratch: usize): usize {
  const bound = bin + missingLeft;
  let left = begin, right = scratch;
  for (let at = begin; at < end; at += 4) {
    const row = load<u32>(at);
    const step = <usize>(((<u32>load<u8>(column + row) + missingLeft) & 255) <= bound) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += step;
    right += 4 - step;
  }
  memory.copy(left, scratch, right - scratch);
  return left;
}

/** The same by a set of bins: a row goes left when its bin's bit is set in the 32 bytes at `set`. */
export function partitionBySet(column: usize, set: usize, begin: usize, end: usize, scratch: usize): usize {
  let left = begin, right = scratch;
  for (let at = begin; at < end; at += 4) {
    const row = load<u32>(at);
    const bin = <usize>load<u8>(column + row);
    const step = <usize>((load<u8>(set + (bin >> 3)) >> (bin & 7)) & 1) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += step;
    right += 4 - step;
  }
  memory.copy(left, scratch, right - scratch);
  return left;
}

/** Adds a leaf's value to the scores of its rows. */
export function addToScores(score: usize, begin: usize, end: usize, value: f32): void {
  for (; begin < end; begin += 4) {
    const at = score + (<usize>load<u32>(begin) << 2);
    store<f32>(at, load<f32>(at) + value);
  }
}
