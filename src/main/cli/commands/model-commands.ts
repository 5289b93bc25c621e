import { type Command, Option } from 'commander';
import type { ModelVerification, ModelVersion } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { wholeNumber } from '../option-values.ts';
import { formatNumber, textFacts, textTable } from '../text-table.ts';
import { addExplainCommand } from './explain-command.ts';

interface PredictOptions {
  readonly in: string;
  readonly out: string;
  readonly device: 'cpu' | 'cuda' | 'webgpu';
  readonly batch: number;
}

export function addModelCommands(program: Command, run: CommandRunner): void {
  const models = program.command('models').description('registered models: versions, aliases, signatures');

  models
    .command('ls')
    .description('the models')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const list = await (await context.open()).models.list();
        context.out.result(list, () =>
          textTable(
            list,
            [
              ['Model', (model) => model.name],
              ['Framework', (model) => model.framework],
              ['Versions', (model) => model.versions],
              [
                'Aliases',
                (model) =>
                  Object.entries(model.aliases)
                    .map(([alias, version]) => `@${alias}:${version}`)
                    .join(' '),
              ],
              ['Updated', (model) => model.updatedAt],
            ],
            'There are no models yet. Train one with `falaj train`.',
          ),
        );
      }),
    );

  models
    .command('show')
    .description('one version of a model')
    .argument('<reference>', 'NAME, NAME@ALIAS or NAME:VERSION')
    .action((reference: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const version = await (await context.open()).models.get({ reference });
        context.out.result(version, () => textVersion(version));
      }),
    );

  models
    .command('verify')
    .description('check a model’s signature against its stored bytes; exit 3 when it does not hold')
    .argument('<reference>', 'NAME, NAME@ALIAS or NAME:VERSION')
    .action((reference: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const verification = (await context.runJob(client, () =>
          client.models.verify({ reference }),
        )) as ModelVerification;
        context.out.result(verification, () =>
          [
            verification.verified
              ? `Verified: ${reference} is as it was signed.`
              : `NOT verified: ${verification.reason}`,
            textTable(
              verification.files,
              [
                ['File', (file) => file.path],
                ['State', (file) => file.status],
              ],
              'No files.',
            ),
          ].join('\n'),
        );
        return verification.verified ? 0 : FOUND_SOMETHING;
      }),
    );

  models
    .command('export')
    .description('write a model’s files and its signature to a folder')
    .argument('<reference>', 'NAME, NAME@ALIAS or NAME:VERSION')
    .argument('<dir>')
    .action((reference: string, dir: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const result = (await context.runJob(client, () =>
          client.models.export({ reference, dir: context.path(dir) }),
        )) as { dir: string };
        context.out.result(result, () => `Wrote ${reference} to ${result.dir}.`);
      }),
    );

  models
    .command('alias')
    .description('point an alias at a version, or take it away')
    .argument('<name>')
    .argument('<alias>')
    .argument('[version]', 'its number', wholeNumber(1))
    .option('--remove', 'take the alias away')
    .action(
      (
        name: string,
        alias: string,
        version: number | undefined,
        { remove = false }: { readonly remove?: boolean },
        command: Command,
      ) =>
        run(command, async (context) => {
          if (remove === (version !== undefined))
            throw new FalajError('BAD_INPUT', 'An alias is pointed at a version, or removed.', {
              hint: `Write: falaj models alias ${name} ${alias} VERSION, or --remove instead of the version.`,
            });
          const { models: client } = await context.open();
          if (version === undefined) {
            const model = await client.removeAlias({ name, alias });
            context.out.result(model, () => `${name} has no alias ${alias} any more.`);
            return;
          }
          const model = await client.alias({ name, alias, version });
          context.out.result(model, () => `${name}@${alias} is version ${version} now.`);
        }),
    );

  models
    .command('rm')
    .description('remove one version of a model, or the model with all of them')
    .argument('<reference>', 'NAME:VERSION, or NAME with --all')
    .option('--all', 'the model, its versions and its aliases')
    .action((reference: string, { all = false }: { readonly all?: boolean }, command: Command) =>
      run(command, async (context) => {
        if (all) {
          const removed = await (await context.open()).models.removeModel({ name: reference });
          context.out.result(removed, () => `Removed ${reference} with all its versions.`);
          return;
        }
        const match = /^(.+):(\d+)$/.exec(reference);
        if (match === null)
          throw new FalajError('BAD_INPUT', `"${reference}" does not name a version.`, {
            hint: 'Write NAME:VERSION, such as flight-delay:3; or NAME --all for the model with all its versions.',
          });
        const removed = await (await context.open()).models.remove({
          name: match[1]!,
          version: Number(match[2]),
        });
        context.out.result(removed, () => `Removed ${reference}.`);
      }),
    );

  addExplainCommand(models, run);

  addExamples(
    program
      .command('predict')
      .description('score a file of raw columns with a model, in a process of its own')
      .argument('<model>', 'NAME, NAME@ALIAS or NAME:VERSION')
      .requiredOption('--in <file>', 'the rows')
      .requiredOption('--out <file>', 'where the rows with their scores go, unencrypted')
      .addOption(
        new Option('--device <device>', 'where it computes')
          .choices(['cpu', 'cuda', 'webgpu'])
          .default('cpu'),
      )
      .option('--batch <n>', 'rows at a time', wholeNumber(1, 1_000_000), 16_384)
      .action((reference: string, options: PredictOptions, command: Command) =>
        run(command, async (context) => {
          const client = await context.open();
          const result = (await context.runJob(client, () =>
            client.models.predict({
              reference,
              in: context.path(options.in),
              out: context.path(options.out),
              device: options.device,
              batch: options.batch,
            }),
          )) as { file: string; rows: number; device: string };
          context.out.result(
            result,
            () => `Scored ${formatNumber(result.rows)} rows on ${result.device}: ${result.file}`,
          );
        }),
      ),
    ['falaj predict flight-delay@candidate --in rows.parquet --out scored.parquet'],
  );
}

const NOT_SERVED = 'no: kept as it is, not run here; load it with mlflow.pyfunc.load_model';

const tagText = (tags: Readonly<Record<string, string>>): string | null =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ') || null;

const textVersion = (version: ModelVersion): string =>
  [
    textFacts([
      ['Model', `${version.name}:${version.version}`],
      ['Aliases', version.aliases.map((alias) => `@${alias}`).join(' ')],
      ['Digest', version.digest],
      ['Signed', version.signed ? 'yes' : 'no'],
      ['Verified', version.verified ? 'yes' : 'not in this answer'],
      ['Framework', version.framework],
      ['Flavours', version.flavors.join(', ') || null],
      ['Predictions', version.servable ? 'yes' : NOT_SERVED],
      ['Stage', version.stage === 'None' ? null : version.stage],
      ['Description', version.description.replace(/\s+/g, ' ') || null],
      ['Tags', tagText(version.tags)],
      ['Source', version.source],
      ['Run', version.lineage.run],
      ['Data', version.lineage.datasets.map((data) => `${data.name}@${data.version}`).join(', ')],
      ['Created', version.createdAt],
    ]),
    '',
    textTable(
      [
        ...version.signature.inputs.map((spec) => ({ ...spec, way: 'in' })),
        ...version.signature.outputs.map((spec) => ({ ...spec, way: 'out' })),
      ],
      [
        ['Signature', ({ name }) => name],
        ['', ({ way }) => way],
        ['Type', ({ type }) => type],
        ['Shape', ({ shape }) => shape.map((size) => (size < 0 ? 'rows' : size)).join(' × ')],
      ],
      'No signature.',
    ),
    '',
    textTable(
      Object.entries(version.metrics),
      [
        ['Metric', ([name]) => name],
        ['Value', ([, value]) => value],
      ],
      'No metrics.',
    ),
    '',
    textTable(
      version.files,
      [
        ['File', (file) => file.path],
        ['Bytes', (file) => file.sizeBytes],
      ],
      'No files.',
    ),
  ].join('\n');
