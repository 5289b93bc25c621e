import { Argument, type Command } from 'commander';
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

  vault
    .command('change-passphrase')
    .description(
      'replace the passphrase; the new one is typed, or in FALAJ_NEW_PASSPHRASE or FALAJ_NEW_PASSPHRASE_FILE',
    )
    .option('--with-recovery-key', 'prove yourself by the recovery key, when the passphrase is forgotten')
    .action((options: { withRecoveryKey?: boolean }, command: Command) =>
      run(command, async (context) => {
        const { client } = await context.connect();
        const current = await context.currentSecret(options.withRecoveryKey ?? false);
        await client.workspace.unlock(current);
        const slots = await client.workspace.changePassphrase({
          current,
          next: await context.newPassphrase('FALAJ_NEW_PASSPHRASE'),
        });
        context.out.result(slots, () => 'The passphrase is changed; the old one opens nothing any more.');
      }),
    );

  vault
    .command('add-slot')
    .description('a new recovery key, printed once; it takes the place of the old one, if there is any')
    .addArgument(new Argument('<kind>', 'what is to open the workspace').choices(['recovery']))
    .option('--with-recovery-key', 'prove yourself by the present recovery key instead of the passphrase')
    .action((_kind: 'recovery', options: { withRecoveryKey?: boolean }, command: Command) =>
      run(command, async (context) => {
        const { client } = await context.connect();
        const current = await context.currentSecret(options.withRecoveryKey ?? false);
        await client.workspace.unlock(current);
        const made = await client.workspace.replaceRecoveryKey({ current });
        context.out.result(made, () =>
          [
            `Recovery key: ${made.recoveryKey}`,
            'It is shown this once: keep it apart from this machine. The one before it opens nothing any more.',
          ].join('\n'),
        );
      }),
    );
}
