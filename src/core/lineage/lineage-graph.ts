import type { LineageGraph, LineageNode } from '../../shared/contract/types.ts';

/** One way in which things came about together: the definitions in force, one training set, or one run. */
export interface Trace {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageGraph['edges'][number][];
}

export type Direction = 'up' | 'down' | 'both';

export const LINEAGE_KINDS: readonly LineageNode['kind'][] = [
  'dataset',
  'view',
  'service',
  'training-set',
  'run',
  'model',
];

/** A node under the id that says everything that it is. */
export function lineageNode(
  kind: LineageNode['kind'],
  name: string,
  version: number | null = null,
  title: string | null = null,
): LineageNode {
  return {
    id: version === null ? `${kind}/${name}` : `${kind}/${name}@${version}`,
    kind,
    name,
    version,
    title,
  };
}

/** Collects nodes and edges as they are named. */
export class TraceBuilder {
  readonly #nodes = new Map<string, LineageNode>();
  readonly #edges = new Map<string, LineageGraph['edges'][number]>();

  node(node: LineageNode): this {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
    return this;
  }

  edge(from: LineageNode, to: LineageNode): this {
    this.node(from).node(to);
    this.#edges.set(`${from.id} ${to.id}`, { from: from.id, to: to.id });
    return this;
  }

  get trace(): Trace {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }
}

/**
 * All that leads to the roots, or comes of them. A way is followed within one trace only: that two training sets read the
 * same view does not make the data of one the origin of the other.
 */
export function lineageOf(
  traces: readonly Trace[],
  isRoot: (node: LineageNode) => boolean,
  direction: Direction,
): LineageGraph {
  const found = new TraceBuilder();
  const roots = new Set<string>();
  for (const trace of traces) {
    const starts = trace.nodes.filter(isRoot).map(({ id }) => id);
    if (starts.length === 0) continue;
    const nodes = new Map(trace.nodes.map((node) => [node.id, node]));
    for (const id of starts) {
      roots.add(id);
      found.node(nodes.get(id)!);
    }
    for (const along of direction === 'both' ? (['up', 'down'] as const) : [direction]) {
      for (const { from, to } of edgesFrom(trace, starts, along))
        found.edge(nodes.get(from)!, nodes.get(to)!);
    }
  }
  const { nodes, edges } = found.trace;
  return { roots: [...roots], nodes: nodes.toSorted(inFlow), edges: [...edges] };
}

function edgesFrom(trace: Trace, starts: readonly string[], along: 'up' | 'down'): Trace['edges'] {
  const [near, far] = along === 'down' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  const byNear = Map.groupBy(trace.edges, (edge) => edge[near]);
  const seen = new Set(starts);
  const taken: LineageGraph['edges'][number][] = [];
  for (const id of seen) {
    for (const edge of byNear.get(id) ?? []) {
      taken.push(edge);
      // A set that grows while it is walked is walked to its new end.
      seen.add(edge[far]);
    }
  }
  return taken;
}

const inFlow = (a: LineageNode, b: LineageNode): number =>
  LINEAGE_KINDS.indexOf(a.kind) - LINEAGE_KINDS.indexOf(b.kind) ||
  (a.name === b.name ? (a.version ?? 0) - (b.version ?? 0) : a.name < b.name ? -1 : 1);
