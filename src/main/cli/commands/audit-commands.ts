import { type Command, InvalidArgumentError } from 'commander';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { wholeNumber } from '../option-values.ts';
import { formatNumber, textFacts, textTable } from '../text-table.ts';

interface LogOptions {
  readonly limit: number;
  readonly before?: number;
  readonly action?: string;
  readonly text?: string;
}

const sequence = (text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give the number that `falaj audit log` shows.');
};

export function addAuditCommands(program: Command, run: CommandRunner): void {
  const audit = program.command('audit').description('the tamper-evident log of every change');

  audit
    .command('log')
    .description('the newest entries')
    .option('--limit <n>', 'how many', wholeNumber(1, 1000), 50)
    .option('--before <n>', 'older than this entry', wholeNumber(0))
    .option('--action <action>', 'of one action')
    .option('--text <text>', 'that contain this')
    .action((options: LogOptions, command: Command) =>
      run(command, async (context) => {
        const log = await (await context.open()).audit.list({ ...options });
        context.out.result(log, () =>
          textTable(
            log.entries,
            [
              ['#', (entry) => entry.sequence],
              ['When', (entry) => entry.at],
              ['Who', (entry) => entry.actor],
              ['Action', (entry) => entry.action],
              ['Object', (entry) => entry.object],
              ['Result', (entry) => entry.result],
            ],
            'The log is empty.',
          ),
        );
      }),
    );

  audit
    .command('verify')
    .description('check that no entry was changed, removed or moved; exit 3 when one was')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const verification = await (await context.open()).audit.verify();
        context.out.result(verification, () =>
          verification.intact
            ? `Intact: ${formatNumber(verification.size)} entries, root ${verification.root}`
            : `NOT intact from entry ${verification.firstDamaged}: ${verification.reason}`,
        );
        return verification.intact ? 0 : FOUND_SOMETHING;
      }),
    );

  audit
    .command('proof')
    .description('a proof that an entry is in the log, checkable without the workspace')
    .argument('<sequence>', 'the entry’s number', sequence)
    .action((number: number, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const proof = await (await context.open()).audit.proof({ sequence: number });
        context.out.result(proof, () =>
          [
            textFacts([
              ['Entry', proof.entry.sequence],
              ['Action', `${proof.entry.action} ${proof.entry.object}`],
              ['Leaf hash', proof.entry.leafHash],
              ['Log size', proof.head.size],
              ['Root', proof.head.root],
            ]),
            'Path:',
            ...proof.proof,
          ].join('\n'),
        );
      }),
    );
}
