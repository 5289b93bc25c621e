import { type Command, Option } from 'commander';
import { FalajError } from '../../../shared/errors.ts';
import { VERSION } from '../../../shared/version.ts';
import { attachToRunning, connect, startEngine } from '../../connect/connect.ts';
import type { CommandContext } from '../command-context.ts';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { durationMs } from '../option-values.ts';
import { textFacts, textTable } from '../text-table.ts';
import { readStatus } from '../workspace-status.ts';

/** How long an unlocked engine waits for the next command. */
const UNLOCKED_FOR_MS = 15 * 60_000;

export function addWorkspaceCommands(program: Command, run: CommandRunner): void {
  program
    .command('init')
    .description('make an encrypted workspace')
    .argument('[dir]', 'its folder; else the one --workspace and its defaults name')
    .requiredOption('--name <name>', 'what people call it; any script')
    .option('--jurisdiction <pack...>', 'the laws it falls under')
    .action((dir: string | undefined, options: { name: string; jurisdiction?: string[] }, command: Command) =>
      run(command, (context) => init(context, dir, options)),
    );

  program
    .command('status')
    .description('which workspace this is, and whether it is open')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const status = await readStatus(context);
        context.out.result(status, () =>
          textFacts([
            ['Workspace', status.workspace],
            ['Name', status.name],
            ['State', status.state],
            [
              'Engine',
              status.engine === null
                ? 'not running'
                : `process ${status.engine.pid}${status.engine.url === null ? '' : `, ${status.engine.url}`}`,
            ],
            ['Version', status.version],
          ]),
        );
      }),
    );

  program
    .command('unlock')
    .description('open the workspace in an engine that waits for further commands')
    .addOption(
      new Option('--for <duration>', 'how long it waits for the next command, such as 90m or 8h')
        .argParser(durationMs)
        .default(UNLOCKED_FOR_MS, '15m'),
    )
    .action((options: { for: number }, command: Command) =>
      run(command, (context) => unlock(context, options.for)),
    );

  program
    .command('lock')
    .description('lock the workspace of the running engine')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const running = await attachToRunning(context.workspace);
        if (running !== null) await context.adopt(running).client.workspace.lock();
        const status = await readStatus(context);
        context.out.result(status, () =>
          status.state === 'missing' ? 'There is no workspace here.' : 'Locked.',
        );
      }),
    );

  program
    .command('doctor')
    .description('check the machine and the workspace')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const { client } = await context.connect();
        const { state } = await client.workspace.status();
        if (state === 'locked' && context.unattendedPassphrase() !== undefined) await context.unlock(client);
        const checks = await client.workspace.doctor();
        context.out.result(checks, () =>
          [
            textTable(
              checks,
              [
                ['Status', (check) => check.status],
                ['Check', (check) => check.id],
                ['Finding', (check) => check.summary],
              ],
              'Nothing to check.',
            ),
            ...checks
              .filter((check) => check.status !== 'good' && check.hint !== '')
              .map((check) => `hint: ${check.id}: ${check.hint}`),
          ].join('\n'),
        );
        return checks.some((check) => check.status === 'bad') ? FOUND_SOMETHING : 0;
      }),
    );

  program
    .command('version')
    .description('the versions of Falaj and of its Node')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const versions = {
          version: VERSION,
          node: process.versions.node,
          platform: `${process.platform}-${process.arch}`,
        };
        context.out.result(
          versions,
          () => `falaj ${versions.version} (Node ${versions.node}, ${versions.platform})`,
        );
      }),
    );
}

async function init(
  context: CommandContext,
  dir: string | undefined,
  options: { name: string; jurisdiction?: string[] },
): Promise<void> {
  const workspace = dir === undefined ? context.workspace : context.path(dir);
  const { client } = context.adopt(await connect({ workspace, report: context.report }));
  const { state } = await client.workspace.status();
  if (state !== 'missing') {
    throw new FalajError('ALREADY_EXISTS', `${workspace} already holds a workspace.`, {
      hint: 'Choose another folder.',
    });
  }
  const passphrase = await context.newPassphrase('FALAJ_PASSPHRASE');
  const { recoveryKey } = await client.workspace.create({
    name: options.name,
    passphrase,
    jurisdiction: options.jurisdiction ?? [],
  });
  context.out.result({ workspace, name: options.name, recoveryKey }, () =>
    [
      `Made the workspace ${options.name} in ${workspace}.`,
      '',
      `Recovery key: ${recoveryKey}`,
      'It opens the workspace when the passphrase is lost. It is shown this once: keep it apart from this machine.',
    ].join('\n'),
  );
}

async function unlock(context: CommandContext, idleExitMs: number): Promise<void> {
  const passphraseGiven = context.unattendedPassphrase() !== undefined; // out of the environment before a process inherits it
  const running = await attachToRunning(context.workspace);
  if (running === null && !passphraseGiven && context.terminal === null) {
    throw new FalajError('WORKSPACE_LOCKED', 'There is nobody to ask for the passphrase.', {
      hint: 'Set FALAJ_PASSPHRASE or FALAJ_PASSPHRASE_FILE.',
    });
  }
  if (running === null && (await readStatus(context)).state === 'missing') {
    throw new FalajError('WORKSPACE_MISSING', `There is no workspace in ${context.workspace}.`, {
      hint: 'Make one with `falaj init`.',
    });
  }
  const { client } = context.adopt(
    running ?? (await startEngine({ workspace: context.workspace, idleExitMs })),
  );
  await context.unlock(client);
  const status = await readStatus(context);
  context.out.result(
    status,
    () => `Unlocked ${status.name ?? status.workspace}. Lock it again with \`falaj lock\`.`,
  );
}
