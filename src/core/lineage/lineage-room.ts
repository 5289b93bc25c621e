import type { LineageGraph, LineageNode } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import type { DataRoom } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';
import type { ModelRegistry } from '../registry/index.ts';
import type { TrackingRoom } from '../tracking/index.ts';
import { type Direction, lineageNode, lineageOf } from './lineage-graph.ts';
import { tracesOf } from './traces.ts';

export interface LineageOptions {
  readonly data: DataRoom;
  readonly features: FeatureRoom;
  readonly tracking: TrackingRoom;
  readonly registry: ModelRegistry;
}

export interface LineageInput {
  readonly kind: LineageNode['kind'];
  readonly name: string;
  readonly version?: number | undefined;
  readonly direction?: Direction;
}

/** Where things come from and what came of them, out of what the other rooms record. It keeps nothing itself. */
export class LineageRoom {
  readonly #options: LineageOptions;

  constructor(options: LineageOptions) {
    this.#options = options;
  }

  /** Throws NOT_FOUND with the nearest name. */
  of(input: LineageInput): LineageGraph {
    const { kind, name, version } = input;
    const traces = this.#traces();
    const graph = lineageOf(
      traces,
      (node) =>
        node.kind === kind && node.name === name && (version === undefined || node.version === version),
      input.direction ?? 'both',
    );
    if (graph.roots.length > 0) return graph;
    const known = traces.flatMap(({ nodes }) => nodes.filter((node) => node.kind === kind));
    const imports = kind === 'dataset' ? this.#versions(name) : [];
    // Of an import of which nothing was made, no trace speaks.
    if (version !== undefined && imports.includes(version)) {
      const node = lineageNode(kind, name, version);
      return { roots: [node.id], nodes: [node], edges: [] };
    }
    const traced = known.filter((node) => node.name === name).map((node) => node.version);
    const versions = [...new Set([...imports, ...traced])];
    throw new FalajError(
      'NOT_FOUND',
      version === undefined || versions.length === 0
        ? `There is no ${kind} "${name}".`
        : `There is no version ${version} of ${kind} "${name}".`,
      {
        hint:
          versions.length > 0
            ? `Its versions here: ${versions.join(', ')}.`
            : nearestHint(
                name,
                [...new Set(known.map((node) => node.name))],
                'Nothing of that name is recorded.',
              ),
        details: { kind, name },
      },
    );
  }

  #versions(name: string): number[] {
    const { data } = this.#options;
    return data.list().some((dataset) => dataset.name === name)
      ? data.versions({ name }).map((dataset) => dataset.version)
      : [];
  }

  #traces(): ReturnType<typeof tracesOf> {
    const { data, features, tracking, registry } = this.#options;
    return tracesOf({
      datasets: data.list(),
      ...features.inForce(),
      receipts: features.receipts(),
      runs: tracking.list({ limit: Number.MAX_SAFE_INTEGER }),
      models: registry.list().flatMap(({ name }) => registry.versions({ name })),
    });
  }
}
