import { Argument, type Command, Option } from 'commander';
import { jobPriority, jobState } from '../../../shared/contract/jobs.ts';
import type {
  Job,
  JobLogLine,
  JobNeeds,
  JobPriority,
  JobState,
  JobWait,
} from '../../../shared/contract/types.ts';
import { formatBytes, formatDuration } from '../../../shared/units.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { outcome } from '../follow-job.ts';
import { followLogs, storedLines } from '../follow-logs.ts';
import { wholeNumber } from '../option-values.ts';
import { textFacts, textTable } from '../text-table.ts';
import { stayWith, textDetached } from './script-commands.ts';

interface ListOptions {
  readonly limit: number;
  readonly state?: JobState;
  readonly kind?: string;
  readonly before?: string;
}

export function addJobCommands(program: Command, run: CommandRunner): void {
  const jobs = program.command('jobs').description('long work: what runs, what it said, stop it');

  jobs
    .command('ls')
    .description('the newest jobs')
    .option('--limit <n>', 'how many', wholeNumber(1, 1000), 50)
    .addOption(new Option('--state <state>', 'only those').choices(jobState.options))
    .option('--kind <kind>', 'only those, such as training.run')
    .option('--before <job>', 'those older than this one: the next page')
    .action((options: ListOptions, command: Command) =>
      run(command, async (context) => {
        const list = await (await context.open()).jobs.list({ ...options });
        context.out.result(list, () =>
          textTable(
            list,
            [
              ['Job', (job) => job.id],
              ['What', (job) => job.title],
              ['State', textState],
              ['Priority', (job) => (job.schedule.priority === 'normal' ? null : job.schedule.priority)],
              ['Done', doneText, 'right'],
              ['Created', (job) => job.createdAt],
            ],
            'There are no such jobs.',
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
            ['State', textState(job)],
            ['Priority', job.schedule.priority],
            [
              'Attempt',
              job.schedule.retries > 0 ? `${job.attempt} of ${job.schedule.retries + 1}` : job.attempt,
            ],
            ['After', job.schedule.after.join(', ') || null],
            ['Begins', job.beginsAt],
            [
              'Time limit',
              job.schedule.timeLimitMs === null ? null : formatDuration(job.schedule.timeLimitMs * 1000),
            ],
            ['Needs', job.needs === null ? null : textNeeds(job.needs)],
            ['GPUs', job.gpus.join(', ') || null],
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

  jobs
    .command('retry')
    .description('run a job again that did not succeed')
    .argument('<id>')
    .option('--detach', 'do not wait for its end')
    .action((id: string, options: { detach?: boolean }, command: Command) =>
      run(command, (context) => retryJob(context, id, options.detach ?? false)),
    );

  addChanges(jobs, run);
}

/** The engine outlives the command, for what failed may be a night's work. */
async function retryJob(context: CommandContext, id: string, isDetached: boolean): Promise<void> {
  const client = await context.openInBackground();
  const retry = async (): Promise<{ job: string }> => ({ job: (await client.jobs.retry({ id })).id });
  if (isDetached) {
    const started = await retry();
    context.out.result(started, () => textDetached(started.job));
    return;
  }
  const isScript = (await client.jobs.get({ id })).kind === 'scripts.run';
  const result = isScript ? await stayWith(context, client, retry) : await context.runJob(client, retry);
  context.out.result(result, () => 'Done.');
}

/** Commands that change one job and tell what it is then. */
function addChanges(jobs: Command, run: CommandRunner): void {
  const changes = [
    ['cancel', 'stop a job; nothing half-done stays'],
    [
      'pause',
      'hold back a job that waits, or halt a script where it is; a training stops and keeps its checkpoint',
    ],
    ['resume', 'let a paused job go on'],
  ] as const;
  for (const [verb, description] of changes) {
    jobs
      .command(verb)
      .description(description)
      .argument('<id>')
      .action((id: string, _options: unknown, command: Command) =>
        run(command, async (context) => {
          const job = await (await context.open()).jobs[verb]({ id });
          // What is asked of a program takes its time; a paused one that is cancelled still says that it is paused.
          const stopping =
            job.state === 'running' && (verb === 'cancel' || (verb === 'pause' && !job.paused));
          context.out.result(job, () => `${job.title}: ${stopping ? 'stopping' : textState(job)}.`);
        }),
      );
  }

  jobs
    .command('priority')
    .description('let a job that waits pass others, or be passed')
    .argument('<id>')
    .addArgument(new Argument('<level>', 'whether it passes what waits').choices(jobPriority.options))
    .action((id: string, priority: JobPriority, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const job = await (await context.open()).jobs.prioritize({ id, priority });
        context.out.result(job, () => `${job.title}: ${priority}.`);
      }),
    );

  jobs
    .command('slots')
    .description('what the queue has to give, and how much of it is taken')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const slots = await (await context.open()).jobs.slots();
        const { engine, training, script } = slots;
        context.out.result(slots, () =>
          textTable(
            [
              ['engine', engine.running, engine.waiting, `${engine.running} of ${engine.places} places`],
              [
                'training',
                training.running,
                training.waiting,
                `${training.running} of ${training.places} places`,
              ],
              [
                'scripts',
                script.running,
                script.waiting,
                [
                  `${script.cpus.taken} of ${script.cpus.total} CPUs`,
                  `${formatBytes(script.memoryBytes.taken)} of ${formatBytes(script.memoryBytes.total)}`,
                  ...script.gpus,
                ].join(', '),
              ],
            ] as const,
            [
              ['Lane', ([lane]) => lane],
              ['Running', ([, running]) => running, 'right'],
              ['Waiting', ([, , waiting]) => waiting, 'right'],
              ['Taken', ([, , , taken]) => taken],
            ],
            '',
          ),
        );
      }),
    );
}

const WAITS: Readonly<Record<JobWait, string>> = {
  turn: 'queued',
  resources: 'queued: the machine has too little left',
  jobs: 'queued: waits for other jobs',
  delay: 'queued: is tried again later',
  paused: 'paused',
};

const textState = (job: Job): string =>
  job.waitsFor !== null ? WAITS[job.waitsFor] : job.paused ? 'paused' : job.state;

const textNeeds = ({ cpus, memoryBytes, gpus, gpuMemoryBytes }: JobNeeds): string =>
  [
    `${cpus} CPUs`,
    ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]),
    ...(gpus === 0
      ? []
      : [`${gpus} GPUs${gpuMemoryBytes === null ? '' : ` of ${formatBytes(gpuMemoryBytes)}`}`]),
  ].join(', ');

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

/** What succeeded is done, whatever it said last. */
function doneText({ progress, state }: Job): string | null {
  if (progress?.fraction == null) return null;
  return state === 'succeeded' ? '100%' : `${Math.floor(progress.fraction * 100)}%`;
}
