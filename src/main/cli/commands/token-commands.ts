import { type Command, Option } from 'commander';
import { tokenScope } from '../../../shared/contract/tokens.ts';
import type { TokenScope } from '../../../shared/contract/types.ts';
import type { CommandRunner } from '../command-runner.ts';
import { durationMs } from '../option-values.ts';
import { textTable } from '../text-table.ts';

const DAY_MS = 86_400_000;

export function addTokenCommands(program: Command, run: CommandRunner): void {
  const token = program.command('token').description('tokens by which programs get in');

  token
    .command('create')
    .description('a new token, printed once')
    .addOption(
      new Option('--scope <scope>', 'what it opens').choices(tokenScope.options).makeOptionMandatory(),
    )
    .addOption(
      new Option('--ttl <duration>', 'how long it holds, such as 90m or 7d')
        .argParser(durationMs)
        .default(DAY_MS, '24h'),
    )
    .action((options: { scope: TokenScope; ttl: number }, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const ttlSeconds = Math.ceil(options.ttl / 1000);
        const created = await client.tokens.create({ scope: options.scope, ttlSeconds });
        context.out.result(created, () => created.token);
        context.out.note(`Token ${created.id} opens ${created.scope} until ${created.expiresAt}.`);
      }),
    );

  token
    .command('ls')
    .description('the tokens that hold')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const tokens = await (await context.open()).tokens.list();
        context.out.result(tokens, () =>
          textTable(
            tokens,
            [
              ['Token', (item) => item.id],
              ['Scope', (item) => item.scope],
              ['Created', (item) => item.createdAt],
              ['Expires', (item) => item.expiresAt],
            ],
            'There are no tokens. Make one with `falaj token create --scope mlflow`.',
          ),
        );
      }),
    );

  token
    .command('revoke')
    .description('end a token at once')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const revoked = await (await context.open()).tokens.revoke({ id });
        context.out.result(revoked, () => `Token ${id} opens nothing any more.`);
      }),
    );
}
