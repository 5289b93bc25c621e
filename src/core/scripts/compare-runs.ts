import { isLoadMetric } from '../../shared/load-metric.ts';
import type { RunDifference } from '../../shared/run-difference.ts';
import type { ScriptCapture } from './script-capture.ts';

/** A run, and what it started from. */
export interface CapturedRun {
  readonly params: Readonly<Record<string, string>>;
  /** The latest value of each. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What was read; where it lies in the workspace names its version. */
  readonly data: readonly { readonly name: string; readonly digest: string; readonly source: string }[];
  readonly capture: ScriptCapture;
}

/** Numbers nearer to each other than this part of the greater one count as the same. */
const RELATIVE_TOLERANCE = 1e-9;

/** What is not the same in a run and its repetition. */
export function scriptDifferences(before: CapturedRun, after: CapturedRun): RunDifference[] {
  const found: RunDifference[] = [];
  const compare = (
    what: RunDifference['what'],
    name: string,
    a: string | null | undefined,
    b: string | null | undefined,
  ): void => {
    if ((a ?? null) !== (b ?? null)) found.push({ what, name, before: a ?? null, after: b ?? null });
  };
  const [was, is] = [before.capture, after.capture];
  compare('command', 'command', was.command.join(' '), is.command.join(' '));
  compare('code', 'commit', was.git?.commit, is.git?.commit);
  compare('code', 'changes', was.git?.changes, is.git?.changes);
  compare('packages', 'packages', was.packages?.digest, is.packages?.digest);
  for (const key of ['platform', 'processor'] as const)
    compare('machine', key, was.machine[key], is.machine[key]);
  compare('machine', 'cores', String(was.machine.cores), String(is.machine.cores));
  compare('machine', 'accelerators', devices(was), devices(is));
  const [read, readNow] = [versionsByName(before), versionsByName(after)];
  for (const name of namesOf(read, readNow)) {
    const [was, is] = [read[name] ?? [], readNow[name] ?? []];
    // The same content is the same data, whatever its version is called.
    if (digests(was) !== digests(is)) compare('data', name, shown(was), shown(is));
  }
  for (const key of namesOf(before.params, after.params))
    compare('param', key, before.params[key], after.params[key]);
  for (const key of namesOf(before.metrics, after.metrics)) {
    // The load of the machine is never the same twice.
    if (isLoadMetric(key)) continue;
    const [a, b] = [before.metrics[key], after.metrics[key]];
    if (a !== undefined && b !== undefined && isNear(a, b)) continue;
    compare('metric', key, a === undefined ? null : String(a), b === undefined ? null : String(b));
  }
  return found;
}

type Read = CapturedRun['data'][number];

const versionsByName = ({ data }: CapturedRun): Record<string, Read[]> =>
  Object.fromEntries(Map.groupBy(data, ({ name }) => name));

const digests = (reads: readonly Read[]): string =>
  reads
    .map(({ digest }) => digest)
    .sort()
    .join();

/** Such as `/data/flights@2 3fa0…`. */
const shown = (reads: readonly Read[]): string | null =>
  reads
    .map(({ source, digest }) => `${source} ${digest}`)
    .sort()
    .join(', ') || null;

const namesOf = (a: object, b: object): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

const devices = ({ machine }: ScriptCapture): string =>
  machine.accelerators.map(({ name, driver }) => `${name} (${driver ?? 'unknown driver'})`).join(', ');

const isNear = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
