import type { Command } from 'commander';
import { viewReferenceOf } from '../../../shared/definitions/view-reference.ts';
import type { CommandRunner } from '../command-runner.ts';
import { formatNumber, textFacts, textTable } from '../text-table.ts';

export function addServiceCommands(features: Command, run: CommandRunner): void {
  features
    .command('services')
    .description('the feature services')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const services = await (await context.open()).features.services();
        context.out.result(services, () =>
          textTable(
            services,
            [
              ['Service', ({ name }) => name],
              ['Views', (service) => [...new Set(service.features.map(viewReferenceOf))].join(', ')],
              ['Reads kept', ({ log }) => (log === undefined ? '' : loggingText(log))],
              ['Owner', ({ owner }) => owner ?? ''],
            ],
            'There are no feature services. Write some and run `falaj apply`.',
          ),
        );
      }),
    );

  features
    .command('service')
    .description('one feature service: its features, who uses it, and which of its reads are kept')
    .argument('<service>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const service = await (await context.open()).features.service({ name });
        const { definition, version, appliedAt, trainings, log } = service;
        context.out.result(service, () =>
          [
            textFacts([
              ['Service', definition.name],
              ['Version', version],
              ['Applied', appliedAt],
              ['Owner', definition.owner ?? null],
              ['Trainings', trainings.join(', ') || null],
              ['Reads kept', definition.log === undefined ? 'no' : loggingText(definition.log)],
              ['Reads so far', `${formatNumber(log.rows)}${extentText(log)}`],
              ...(log.dropped === 0 ? [] : [['Reads lost', log.dropped] as const]),
              ...(log.failure === null ? [] : [['Not written', log.failure] as const]),
            ]),
            '',
            textTable(
              service.features,
              [
                ['Feature', (feature) => feature.name],
                ['View', ({ view }) => view],
                ['Type', ({ type }) => type],
              ],
              'No features.',
            ),
          ].join('\n'),
        );
      }),
    );
}

const loggingText = ({ sample, retention }: { sample: number; retention: string }): string =>
  `${formatNumber(100 * sample)} %, for ${retention}`;

const extentText = ({
  firstRead,
  lastRead,
}: {
  readonly firstRead: string | null;
  readonly lastRead: string | null;
}): string => (firstRead === null || lastRead === null ? '' : `, ${firstRead} to ${lastRead}`);
