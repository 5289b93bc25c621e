import type { Command } from 'commander';
import type { JobLogLine } from '../../../shared/contract/types.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { outcome } from '../follow-job.ts';
import { followLogs, storedLines } from '../follow-logs.ts';
import { wholeNumber } from '../option-values.ts';
import { textFacts, textTable } from '../text-table.ts';

export function addJobCommands(program: Command, run: CommandRunner): void {
  const jobs = program.command('jobs').description('long work: what runs, what it said, stop it');

  jobs
    .command('ls')
    .description('the newest jobs')
    .option('--limit <n>', 'how many', wholeNumber(1, 1000), 50)
    .action((options: { limit: number }, command: Command) =>
      run(command, async (context) => {
        const list = await (await context.open()).jobs.list({ limit: options.limit });
        context.out.result(list, () =>
          textTable(
            list,
            [
              ['Job', (job) => job.id],
              ['What', (job) => job.title],
              ['State', (job) => job.state],
              [
                'Done',
                (job) =>
                  job.progress?.fraction == null ? null : `${Math.floor(job.progress.fraction * 100)}%`,
                'right',
              ],
              ['Created', (job) => job.createdAt],
            ],
            'There were no jobs yet.',
          ),
        );
      }),
    );

  jobs
    .command('show')
    .description('one job')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const job = await (await context.open()).jobs.get({ id });
        context.out.result(job, () =>
          textFacts([
            ['Job', job.id],
            ['What', job.title],
            ['Kind', job.kind],
            ['State', job.state],
            ['Attempt', job.attempt],
            ['Created', job.createdAt],
            ['Started', job.startedAt],
            ['Ended', job.endedAt],
            ['Error', job.error === null ? null : `${job.error.code}: ${job.error.message}`],
          ]),
        );
      }),
    );

  jobs
    .command('logs')
    .description('what a job said')
    .argument('<id>')
    .option('--follow', 'stay until it has ended')
    .action((id: string, options: { follow?: boolean }, command: Command) =>
      run(command, (context) => showLogs(context, id, options.follow ?? false)),
    );

  for (const verb of ['cancel', 'retry'] as const) {
    jobs
      .command(verb)
      .description(
        verb === 'cancel' ? 'stop a job; nothing half-done stays' : 'run a job again that did not succeed',
      )
      .argument('<id>')
      .action((id: string, _options: unknown, command: Command) =>
        run(command, async (context) => {
          const client = await context.open();
          if (verb === 'retry') {
            const result = await context.runJob(client, async () => ({
              job: (await client.jobs.retry({ id })).id,
            }));
            context.out.result(result, () => 'Done.');
            return;
          }
          const job = await client.jobs.cancel({ id });
          context.out.result(job, () => `${job.title}: ${job.state === 'running' ? 'stopping' : job.state}.`);
        }),
      );
  }
}

async function showLogs(context: CommandContext, id: string, follow: boolean): Promise<void> {
  const client = await context.open();
  const lines: JobLogLine[] = [];
  const show = (line: JobLogLine): void => {
    lines.push(line);
    context.out.line(`${line.at}  ${line.level.padEnd(5)}  ${line.text}`);
  };
  if (follow) await followLogs({ client, id, show, signal: context.signal });
  else for await (const line of storedLines(client, id)) show(line);
  if (context.out.json) context.out.result(lines, () => '');
  if (follow) outcome(await client.jobs.get({ id }));
}
