import type { LineageGraph, LineageNode } from '../../shared/contract/types.ts';

/** Lineage as text trees: what something came from, and below it what came of it. A branch that was shown is only named again. */
export function textLineage(graph: LineageGraph, direction: 'up' | 'down' | 'both'): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const trees = graph.roots.map((root) => {
    const lines = [nameOf(nodes.get(root)!)];
    if (direction !== 'down') lines.push(...branches(graph, nodes, root, 'up'));
    if (direction !== 'up') lines.push(...branches(graph, nodes, root, 'down'));
    return lines.join('\n');
  });
  return trees.join('\n\n');
}

const ARROWS = { up: '←', down: '→' } as const;

function branches(
  { edges }: LineageGraph,
  nodes: ReadonlyMap<string, LineageNode>,
  root: string,
  along: 'up' | 'down',
): string[] {
  const [near, far] = along === 'down' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  const byNear = Map.groupBy(edges, (edge) => edge[near]);
  const shown = new Set<string>();
  const below = (id: string, indent: string): string[] =>
    (byNear.get(id) ?? []).flatMap((edge, place, all) => {
      const node = nodes.get(edge[far])!;
      const last = place === all.length - 1;
      const again = shown.has(node.id) && byNear.has(node.id);
      shown.add(node.id);
      return [
        `${indent}${last ? '└' : '├'}${ARROWS[along]} ${nameOf(node)}${again ? ' …' : ''}`,
        ...(again ? [] : below(node.id, `${indent}${last ? '  ' : '│ '}`)),
      ];
    });
  return below(root, '');
}

const nameOf = ({ kind, name, version, title }: LineageNode): string => {
  const numbered = version === null ? name : `${name}${kind === 'model' ? ':' : '@'}${version}`;
  return `${kind} ${numbered}${title === null ? '' : ` (${title})`}`;
};
