import type { Command } from 'commander';
import { lineageKind } from '../../../shared/contract/lineage.ts';
import type { LineageNode } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandRunner } from '../command-runner.ts';
import { textLineage } from '../text-lineage.ts';

interface LineageOptions {
  readonly up?: boolean;
  readonly down?: boolean;
}

export function addLineageCommand(program: Command, run: CommandRunner): void {
  program
    .command('lineage')
    .description('where something came from, and what came of it')
    .argument('<object>', 'dataset/N@3, view/V@2, service/S, training-set/ID, run/ID or model/M:1')
    .option('--up', 'only what it came from')
    .option('--down', 'only what came of it')
    .action((object: string, options: LineageOptions, command: Command) =>
      run(command, async (context) => {
        const asked = parseObject(object);
        const direction =
          options.up === options.down ? 'both' : options.up === true ? ('up' as const) : ('down' as const);
        const client = await context.open();
        const graph = await client.lineage.of({ ...asked, direction });
        const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
        // Drawn from one graph, what came of one version would stand below another as well.
        const versions =
          graph.roots.length === 1
            ? [graph]
            : await Promise.all(
                graph.roots.map((root) => {
                  const version = nodes.get(root)?.version ?? undefined;
                  return client.lineage.of({ ...asked, version, direction });
                }),
              );
        context.out.result(graph, () => versions.map((one) => textLineage(one, direction)).join('\n\n'));
      }),
    );
}

/** `kind/name`, with `@version` or `:version`. */
function parseObject(object: string): { kind: LineageNode['kind']; name: string; version?: number } {
  const match = /^([a-z-]+)\/(.+?)(?:[@:](\d+))?$/.exec(object);
  // The audit log and the screens' addresses say `data`.
  const kind = lineageKind.safeParse(match?.[1] === 'data' ? 'dataset' : match?.[1]);
  if (match === null || !kind.success) {
    throw new FalajError('BAD_INPUT', `"${object}" does not name anything that has a lineage.`, {
      hint: `Write kind/name, such as view/sales or model/buyers:1; a kind is one of ${lineageKind.options.join(', ')}.`,
    });
  }
  return {
    kind: kind.data,
    name: match[2]!,
    ...(match[3] === undefined ? {} : { version: Number(match[3]) }),
  };
}
