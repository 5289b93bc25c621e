import type { Command } from 'commander';
import type { PlannedChange } from '../../../shared/contract/types.ts';
import type { CommandRunner } from '../command-runner.ts';
import { readDefinitionDocuments } from '../definition-documents.ts';
import { textTable } from '../text-table.ts';

interface DefinitionOptions {
  readonly file?: string;
  readonly prune?: boolean;
}

export function addDefinitionCommands(program: Command, run: CommandRunner): void {
  const add = (name: 'plan' | 'apply', description: string): void => {
    program
      .command(name)
      .description(description)
      .option('-f, --file <path>', 'a file, or a folder of files; falaj.yaml unless said')
      .option('--prune', 'delete what the files no longer name')
      .action((options: DefinitionOptions, command: Command) =>
        run(command, async (context) => {
          const documents = await readDefinitionDocuments(context.path(options.file ?? 'falaj.yaml'));
          const client = await context.open();
          const changes = await client.features[name]({ documents, prune: options.prune ?? false });
          context.out.result(changes, () => textChanges(changes));
        }),
      );
  };
  add('plan', 'show the changes that definition files ask for');
  add('apply', 'carry out the changes that definition files ask for');
}

function textChanges(changes: readonly PlannedChange[]): string {
  const changed = changes.filter((change) => change.change !== 'unchanged');
  return textTable(
    changed,
    [
      ['Change', (change) => change.change],
      ['Kind', (change) => change.kind],
      ['Name', (change) => change.name],
      ['What', (change) => change.differences.join('; ')],
    ],
    'Nothing to change.',
  );
}
