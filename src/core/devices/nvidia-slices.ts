import { mebibytes, parseLabel, parseQuantity } from './values.ts';

/** A line of an indented report such as `nvidia-smi -q`, with the lines below it. */
export interface ReportNode {
  readonly key: string;
  readonly value: string | null;
  readonly children: readonly ReportNode[];
}

/** `Key : value` lines whose depth is their indentation. Order and repeated keys are kept. */
export function parseIndentedReport(text: string): readonly ReportNode[] {
  interface Open {
    readonly indent: number;
    readonly children: ReportNode[];
  }
  const root: Open = { indent: -1, children: [] };
  const open: Open[] = [root];
  for (const line of text.split(/\r?\n/)) {
    const match = /^(\s*)(\S.*?)\s*(?:\s:(?:\s(.*))?)?$/.exec(line);
    if (!match) continue;
    const indent = match[1]!.length;
    while (open.length > 1 && open.at(-1)!.indent >= indent) open.pop();
    const children: ReportNode[] = [];
    open.at(-1)!.children.push({ key: match[2]!, value: match[3]?.trim() ?? null, children });
    open.push({ indent, children });
  }
  return root.children;
}

const child = (node: ReportNode | undefined, key: string): ReportNode | undefined =>
  node?.children.find((candidate) => candidate.key.toLowerCase() === key.toLowerCase());

const valueAt = (node: ReportNode | undefined, key: string): string | undefined =>
  child(node, key)?.value ?? undefined;

export interface SliceProcess {
  readonly pid: number;
  readonly name: string | null;
  readonly memoryBytes: number | null;
  readonly gpuInstance: number | null;
}

/** One "MIG Device" block of `nvidia-smi -q`. */
export interface SliceFacts {
  readonly parentUuid: string;
  readonly index: number;
  readonly gpuInstance: number | null;
  readonly memoryTotalBytes: number | null;
  readonly memoryFreeBytes: number | null;
}

function parseProcesses(card: ReportNode): readonly SliceProcess[] {
  const processes: SliceProcess[] = [];
  let gpuInstance: number | null = null;
  for (const line of child(card, 'Processes')?.children ?? []) {
    const key = line.key.toLowerCase();
    if (key === 'gpu instance id') gpuInstance = parseQuantity(line.value ?? undefined);
    const pid = key === 'process id' ? parseQuantity(line.value ?? undefined) : null;
    if (pid === null) continue;
    processes.push({
      pid,
      gpuInstance,
      name: parseLabel(valueAt(line, 'Name')),
      memoryBytes: mebibytes(parseQuantity(valueAt(line, 'Used GPU Memory'))),
    });
  }
  return processes;
}

/**
 * Slices and their processes from `nvidia-smi -q`. Only this report and the XML have them: the CSV has no row for a slice,
 * and its list of processes names the whole card.
 */
export function parseSliceReport(text: string): {
  readonly slices: readonly SliceFacts[];
  readonly processes: ReadonlyMap<string, readonly SliceProcess[]>;
} {
  const slices: SliceFacts[] = [];
  const processes = new Map<string, readonly SliceProcess[]>();
  for (const card of parseIndentedReport(text)) {
    const parentUuid = valueAt(card, 'GPU UUID');
    if (!/^GPU\s/.test(card.key) || parentUuid === undefined) continue;
    processes.set(parentUuid, parseProcesses(card));
    for (const block of card.children) {
      const index = block.key === 'MIG Device' ? parseQuantity(valueAt(block, 'Index')) : null;
      if (index === null) continue;
      const memory = child(block, 'Shared FB Memory Usage') ?? child(block, 'FB Memory Usage');
      slices.push({
        parentUuid,
        index,
        gpuInstance: parseQuantity(valueAt(block, 'GPU Instance ID')),
        memoryTotalBytes: mebibytes(parseQuantity(valueAt(memory, 'Total'))),
        memoryFreeBytes: mebibytes(parseQuantity(valueAt(memory, 'Free'))),
      });
    }
  }
  return { slices, processes };
}

/** One indented line of `nvidia-smi -L`. */
export interface ListedSlice {
  readonly parentUuid: string;
  readonly index: number;
  readonly uuid: string;
  /** Such as `3g.40gb`. */
  readonly profile: string;
}

/** UUIDs of slices from `nvidia-smi -L`, the only place that has them. */
export function parseSliceList(text: string): readonly ListedSlice[] {
  const slices: ListedSlice[] = [];
  let parentUuid: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const card = /^GPU \d+:/.test(line);
    if (card) parentUuid = /\(UUID: (GPU-[0-9a-f-]+)\)\s*$/i.exec(line)?.[1] ?? null;
    const match = /^\s+MIG\s+(\S+)\s+Device\s+(\d+):\s+\(UUID:\s+(MIG-[^)]+)\)/.exec(line);
    if (match && parentUuid) {
      slices.push({ parentUuid, profile: match[1]!, index: Number(match[2]), uuid: match[3]! });
    }
  }
  return slices;
}
