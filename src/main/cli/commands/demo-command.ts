import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { dataFolder } from '../../../core/locations/index.ts';
import type { DemoReport } from '../../../shared/contract/types.ts';
import { formatBytes } from '../../../shared/units.ts';
import { connect } from '../../connect/connect.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { shellWord } from '../shell-word.ts';
import { formatNumber, textFacts } from '../text-table.ts';

interface DemoOptions {
  readonly rows: '20k' | '200k' | '3m';
  readonly dir?: string;
}

export function addDemoCommand(program: Command, run: CommandRunner): void {
  program
    .command('demo')
    .description('the whole main job on real US flight records, in a workspace of its own')
    .addOption(new Option('--rows <rows>', 'how many flights').choices(['20k', '200k', '3m']).default('200k'))
    .option('--dir <dir>', 'where the workspace goes; a fresh folder unless said')
    .action((options: DemoOptions, command: Command) => run(command, (context) => demo(context, options)));
}

async function demo(context: CommandContext, options: DemoOptions): Promise<void> {
  const workspace = options.dir === undefined ? freshFolder(context) : context.path(options.dir);
  const { client } = context.adopt(await connect({ workspace, report: context.report }));
  if (existsSync(path.join(workspace, 'vault.json'))) await context.unlock(client);
  else await makeWorkspace(context, workspace, client);
  const report = (await context.runJob(client, () =>
    client.demo.start({ rows: options.rows }),
  )) as DemoReport;
  context.out.result(report, () => textReport(report));
}

function freshFolder(context: CommandContext): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return path.join(dataFolder(context.environment), `demo-${stamp}`);
}

type Client = Awaited<ReturnType<CommandContext['open']>>;

async function makeWorkspace(context: CommandContext, workspace: string, client: Client): Promise<void> {
  const given = context.unattendedPassphrase();
  const passphrase = given ?? generatePassphrase();
  const { recoveryKey } = await client.workspace.create({
    name: 'Flight delays',
    passphrase,
    jurisdiction: [],
  });
  if (given !== undefined) return;
  context.out.important(
    [
      `Made an encrypted workspace in ${workspace}`,
      `Its passphrase, shown this once: ${passphrase}`,
      `Its recovery key, shown this once: ${recoveryKey}`,
      `Open it with: falaj ui --workspace ${shellWord(workspace)}`,
      '',
    ].join('\n'),
  );
}

/** About 98 bits without look-alikes, in groups that can be read aloud. */
function generatePassphrase(): string {
  const letters = '23456789abcdefghjkmnpqrstuvwxyz';
  const group = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: 5 }, group).join('-');
}

function textReport(report: DemoReport): string {
  const seconds = (timeMs: number): string => `${(timeMs / 1000).toFixed(1)} s`;
  const { metrics } = report;
  return [
    textFacts([
      [
        'Flights',
        `${formatNumber(report.rows.imported)} imported, ${formatNumber(report.rows.train)} to train, ${formatNumber(report.rows.test)} held out`,
      ],
      ['Model', `${report.model.name}:${report.model.version}, signed`],
      [
        'AUC',
        `${metrics.auc.toFixed(4)} on later flights (trivial baseline ${metrics.baselineAuc.toFixed(4)})`,
      ],
      ['Log loss', `${metrics.logloss.toFixed(4)} (trivial baseline ${metrics.baselineLogloss.toFixed(4)})`],
      ['Brier', metrics.brier.toFixed(4)],
      [
        'Challenger',
        `${report.challenger.name}, AUC ${(report.challenger.metrics['auc'] ?? Number.NaN).toFixed(4)}`,
      ],
      [
        'Drift of June',
        `${report.drift.drift ? 'found' : 'none'} (${report.drift.drifted} of ${report.drift.columns} columns)`,
      ],
      [
        'Two random halves',
        report.quietCheck.drift ? 'drift found, which should not be' : 'no drift, as it should be',
      ],
      [
        'Time',
        `${seconds(report.timingsMs.total)}: ${Object.entries(report.timingsMs)
          .filter(([step]) => step !== 'total')
          .map(([step, timeMs]) => `${step} ${seconds(timeMs)}`)
          .join(', ')}`,
      ],
      ['Peak memory', formatBytes(report.peakMemoryBytes)],
      ['Workspace', report.workspace],
      ['Report', report.report],
    ]),
  ].join('\n');
}
