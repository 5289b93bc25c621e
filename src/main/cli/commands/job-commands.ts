import type { Command } from 'commander';
import type { EngineClient, JobLogLine } from '../../../shared/contract/types.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { outcome } from '../follow-job.ts';
import { wholeNumber } from '../option-values.ts';
import { textFacts, textTable } from '../text-table.ts';

const LOG_PAGE_LINES = 1000;

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
  if (follow) await followLogs(context, client, id, show);
  else for await (const line of storedLines(client, id)) show(line);
  if (context.out.json) context.out.result(lines, () => '');
  if (follow) outcome(await client.jobs.get({ id }));
}

async function* storedLines(client: EngineClient, id: string): AsyncGenerator<JobLogLine> {
  for (let after = 0; ; ) {
    const page = await client.jobs.logs({ id, after, limit: LOG_PAGE_LINES });
    yield* page;
    if (page.length < LOG_PAGE_LINES) return;
    after = page.at(-1)!.sequence;
  }
}

async function followLogs(
  context: CommandContext,
  client: EngineClient,
  id: string,
  show: (line: JobLogLine) => void,
): Promise<void> {
  let seen = 0;
  const showNew = (line: JobLogLine): void => {
    if (line.sequence <= seen) return;
    seen = line.sequence;
    show(line);
  };
  const isRunning = async (): Promise<boolean> =>
    ['queued', 'running'].includes((await client.jobs.get({ id })).state);
  const stream = await client.live.follow(
    { topics: [{ topic: 'jobs' }, { topic: 'log', job: id, after: 0 }] },
    { signal: context.signal },
  );
  await stream.next(); // the first heartbeat: nothing is missed from here on
  if (await isRunning()) {
    for await (const event of stream) {
      if (event.topic === 'log') showNew(event.line);
      else if (
        event.topic === 'jobs' &&
        event.job.id === id &&
        !['queued', 'running'].includes(event.job.state)
      )
        break;
    }
  }
  for await (const line of storedLines(client, id)) showNew(line);
}
