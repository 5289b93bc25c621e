import type { Command } from 'commander';
import type { CommandRunner } from '../command-runner.ts';
import { textTable } from '../text-table.ts';

export function addVaultCommands(program: Command, run: CommandRunner): void {
  const vault = program.command('vault').description('what opens the workspace');

  vault
    .command('slots')
    .description('the key slots')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const slots = await (await context.open()).workspace.slots();
        context.out.result(slots, () =>
          textTable(
            slots,
            [
              ['Slot', (slot) => slot.id],
              ['Kind', (slot) => slot.kind],
              ['Created', (slot) => slot.createdAt],
            ],
            'There are no slots.',
          ),
        );
      }),
    );
}
