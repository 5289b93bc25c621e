// AssemblyScript: sums of packed gradients per feature and bin, over records as gbdt-kernels.as.ts describes them.

/**
 * Adds each row's packed gradient to the bins of its features. `groups` is the number of features divided by eight,
 * rounded up: eight bins are read at once, and the sums of features that fill up a group are never looked at.
 */
export function accumulate(records: usize, stride: usize, begin: usize, end: usize, histogram: usize, groups: i32): void {
  for (; begin < end; begin += 4) {
    const record = records + <usize>load<u32>(begin) * stride;
    const packed = load<i64>(record);
    let sums = histogram;
    for (let group = 0; group < groups; group++) {
      const bins = load<u64>(record + (<usize>group << 3), 8);
      let at = sums + (<usize>(bins & 255) << 3);
      store<i64>(at, load<i64>(at) + packed);
      at = sums + (<usize>((bins >> 8) & 255) << 3);
      store<i64>(at, load<i64>(at, 2048) + packed, 2048);
      at = sums + (<usize>((bins >> 16) & 255) << 3);
      store<i64>(at, load<i64>(at, 4096) + packed, 4096);
      at = sums + (<usize>((bins >> 24) & 255) << 3);
      store<i64>(at, load<i64>(at, 6144) + packed, 6144);
      at = sums + (<usize>((bins >> 32) & 255) << 3);
      store<i64>(at, load<i64>(at, 8192) + packed, 8192);
      at = sums + (<usize>((bins >> 40) & 255) << 3);
      store<i64>(at, load<i64>(at, 10240) + packed, 10240);
      at = sums + (<usize>((bins >> 48) & 255) << 3);
      store<i64>(at, load<i64>(at, 12288) + packed, 12288);
      at = sums + (<usize>(bins >> 56) << 3);
      store<i64>(at, load<i64>(at, 14336) + packed, 14336);
      sums += 16384;
    }
  }
}
