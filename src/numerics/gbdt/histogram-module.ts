/**
 * Emits the WebAssembly of the innermost loop: adding rows to the histograms of up to `MOST_FEATURES` features. The loop over
 * features is unrolled with every offset as an immediate, and two rows are taken a turn, so that the loads of the second do
 * not wait for the stores of the first. Numbers below are those of the WebAssembly core specification, section 5.
 */
export const MOST_FEATURES = 64;

const I32 = 0x7f;
const I64 = 0x7e;
const HISTOGRAM_BYTES = 2048;
const RECORD_HEAD_BYTES = 8;

const OP = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  end: [0x0b],
  branch: [0x0c],
  branchIf: [0x0d],
  get: [0x20],
  set: [0x21],
  tee: [0x22],
  load32: [0x28, 0x02],
  load64: [0x29, 0x03],
  load8: [0x2d, 0x00],
  store64: [0x37, 0x03],
  constant: [0x41],
  lessThan: [0x49],
  greater: [0x4b],
  add: [0x6a],
  multiply: [0x6c],
  xor: [0x73],
  shiftLeft: [0x74],
  addWide: [0x7c],
} as const;

/** Parameters and locals of the function, by index. */
const RECORDS = 0;
const STRIDE = 1;
const AT = 2;
const END = 3;
const HISTOGRAM = 4;
const SKIP = 5;
const SLOT = 6;
const ROWS = [7, 8] as const;
const PACKED = [9, 10] as const;
const LIMIT = 11;
const TOUCHED = 12;

/** Rows whose records are fetched together before they are added. */
const BATCH = 16;
const LINE_BYTES = 64;

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

const get = (local: number): number[] => [...OP.get, local];
const set = (local: number): number[] => [...OP.set, local];
/** A constant from 0 to 8,191, in the signed form. */
const constant = (value: number): number[] =>
  value < 64 ? [...OP.constant, value] : [...OP.constant, (value & 127) | 128, value >> 7];

/** Finds a row's record and its packed gradient; leaves the record's address moved to this function's features. */
const openRow = (turn: 0 | 1): number[] => [
  ...get(RECORDS),
  ...get(AT),
  ...OP.load32,
  ...unsigned(4 * turn),
  ...get(STRIDE),
  ...OP.multiply,
  ...OP.add,
  ...OP.tee,
  ROWS[turn],
  ...OP.load64,
  0,
  ...set(PACKED[turn]),
  ...get(ROWS[turn]),
  ...get(SKIP),
  ...OP.add,
  ...set(ROWS[turn]),
];

const addCell = (feature: number, turn: 0 | 1): number[] => [
  ...get(HISTOGRAM),
  ...get(ROWS[turn]),
  ...OP.load8,
  ...unsigned(RECORD_HEAD_BYTES + feature),
  ...constant(3),
  ...OP.shiftLeft,
  ...OP.add,
  ...OP.tee,
  SLOT,
  ...get(SLOT),
  ...OP.load64,
  ...unsigned(feature * HISTOGRAM_BYTES),
  ...get(PACKED[turn]),
  ...OP.addWide,
  ...OP.store64,
  ...unsigned(feature * HISTOGRAM_BYTES),
];

/**
 * Loads one word of each line of a record and keeps nothing of it. Records of a leaf lie scattered: without this the
 * processor would wait for them one or two at a time, for the work in between is longer than it can look ahead.
 */
function touch(features: number, ahead: number): number[] {
  const code = [
    ...get(RECORDS),
    ...get(AT),
    ...OP.load32,
    ...unsigned(4 * ahead),
    ...get(STRIDE),
    ...OP.multiply,
    ...OP.add,
    ...set(SLOT),
  ];
  for (let offset = 0; offset < RECORD_HEAD_BYTES + features; offset += LINE_BYTES)
    code.push(...get(SLOT), ...OP.load32, ...unsigned(offset), ...get(TOUCHED), ...OP.xor, ...set(TOUCHED));
  return code;
}

const advance = (rows: number): number[] => [...get(AT), ...constant(4 * rows), ...OP.add, ...set(AT)];

const addRows = (features: number, turns: readonly (0 | 1)[]): number[] => {
  const body = turns.flatMap(openRow);
  for (let feature = 0; feature < features; feature++)
    for (const turn of turns) body.push(...addCell(feature, turn));
  return [...body, ...advance(turns.length)];
};

/** Takes whole batches while there are any. */
const batchLoop = (features: number): number[] =>
  whileRows(BATCH, [
    ...Array.from({ length: BATCH }, (_, ahead) => touch(features, ahead)).flat(),
    ...get(AT),
    ...constant(4 * BATCH),
    ...OP.add,
    ...set(LIMIT),
    ...OP.loop,
    ...addRows(features, [0, 1]),
    ...get(AT),
    ...get(LIMIT),
    ...OP.lessThan,
    ...OP.branchIf,
    0,
    ...OP.end,
  ]);

/** Repeats the body, which advances, while at least so many rows are left. */
const whileRows = (rows: number, body: readonly number[]): number[] => [
  ...OP.block,
  ...OP.loop,
  ...get(AT),
  ...constant(4 * rows),
  ...OP.add,
  ...get(END),
  ...OP.greater,
  ...OP.branchIf,
  1,
  ...body,
  ...OP.branch,
  0,
  ...OP.end,
  ...OP.end,
];

const section = (id: number, body: readonly number[]): number[] => [id, ...unsigned(body.length), ...body];
const named = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];

/**
 * A module that imports `env.memory` (shared) and exports
 * `accumulate(records, stride, begin, end, histogram, skip)`: for each row number of the list [begin, end) adds the record's
 * packed gradient to one bin of each of the features whose bins lie `skip` bytes behind the record's first. What it
 * returns means nothing, but keeps the compiler from leaving loads out.
 */
export function histogramModule(features: number): Uint8Array<ArrayBuffer> {
  const code = [
    4, // groups of locals
    ...[1, I32, ROWS.length, I32, PACKED.length, I64, 2, I32],
    ...batchLoop(features),
    ...whileRows(1, addRows(features, [0])),
    ...get(TOUCHED),
    ...OP.end,
  ];
  const parameters = [RECORDS, STRIDE, AT, END, HISTOGRAM, SKIP].map(() => I32);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters.length, ...parameters, 1, I32]),
    // a shared memory of one to 65,536 pages
    ...section(2, [1, ...named('env'), ...named('memory'), 0x02, 0x03, ...unsigned(1), ...unsigned(65_536)]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named('accumulate'), 0x00, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}
