import { describe, expect, it } from 'vitest';
import type { LineageGraph, LineageNode } from '../../shared/contract/types.ts';
import { textLineage } from './text-lineage.ts';

const node = (
  kind: LineageNode['kind'],
  name: string,
  version: number | null,
  title: string | null = null,
) => ({
  id: `${kind}/${name}`,
  kind,
  name,
  version,
  title,
});

const graph: LineageGraph = {
  roots: ['view/prices'],
  nodes: [
    node('dataset', 'visits', 3),
    node('view', 'prices', 2),
    node('service', 'a', 1),
    node('service', 'b', 1),
    node('training-set', '0af', null, 'a'),
    node('model', 'buyers', 1),
  ],
  edges: [
    { from: 'dataset/visits', to: 'view/prices' },
    { from: 'view/prices', to: 'service/a' },
    { from: 'view/prices', to: 'service/b' },
    { from: 'service/a', to: 'training-set/0af' },
    { from: 'service/b', to: 'training-set/0af' },
    { from: 'training-set/0af', to: 'model/buyers' },
  ],
};

describe('lineage as text', () => {
  it('is a tree each way, in which a shown branch is named again but not repeated', () => {
    expect(textLineage(graph, 'both')).toBe(
      [
        'view prices@2',
        '└← dataset visits@3',
        '├→ service a@1',
        '│ └→ training-set 0af (a)',
        '│   └→ model buyers:1',
        '└→ service b@1',
        '  └→ training-set 0af (a) …',
      ].join('\n'),
    );
  });

  it('shows one way alone when asked to', () => {
    expect(textLineage(graph, 'up')).toBe('view prices@2\n└← dataset visits@3');
  });
});
