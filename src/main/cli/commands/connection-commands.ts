import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { ConnectionCheck, EngineClient } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { wholeNumber } from '../option-values.ts';
import { formatNumber, textTable } from '../text-table.ts';

type NewConnection = Parameters<EngineClient['connections']['add']>[0];

const KINDS = ['postgresql', 'duckdb', 'sqlite', 's3'] as const;

interface AddOptions {
  readonly kind: (typeof KINDS)[number];
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly tls: 'verify' | 'off';
  readonly passwordEnv?: string;
  readonly passwordFile?: string;
  readonly path?: string;
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly accessKeyEnv?: string;
  readonly secretKeyEnv?: string;
  readonly ca?: string;
}

export function addConnectionCommands(program: Command, run: CommandRunner): void {
  const connections = program
    .command('connections')
    .description('where data may be imported from: databases and object stores, read only');

  connections
    .command('add')
    .description('keep a target and, sealed, what opens it')
    .argument('<name>')
    .addOption(new Option('--kind <kind>', 'what is connected to').choices(KINDS).makeOptionMandatory())
    .option('--url <url>', 'postgresql://user@host:port/database, without a password')
    .option('--host <host>', 'PostgreSQL: a name, an address, or the folder of a Unix socket')
    .option('--port <port>', 'PostgreSQL: 5432 unless said', wholeNumber(1, 65_535))
    .option('--database <name>', 'PostgreSQL: the database')
    .option('--user <name>', 'PostgreSQL: the user')
    .addOption(
      new Option('--tls <how>', 'PostgreSQL: off where the way is safe')
        .choices(['verify', 'off'])
        .default('verify'),
    )
    .option('--password-env <variable>', 'the variable that holds the password')
    .option('--password-file <file>', 'the file that holds the password')
    .option('--path <file>', 'DuckDB, SQLite: the database file')
    .option('--endpoint <url>', 'S3: https://host:port')
    .option('--bucket <name>', 'S3: the bucket')
    .option('--region <name>', 'S3: us-east-1 unless said')
    .option('--access-key-env <variable>', 'S3: the variable that holds the access key')
    .option('--secret-key-env <variable>', 'S3: the variable that holds the secret key')
    .option('--ca <file>', 'certificates (PEM) of an authority of your own')
    .action((name: string, options: AddOptions, command: Command) =>
      run(command, async (context) => {
        const input = { name, ...newConnection(context, options) };
        const added = await (await context.open()).connections.add(input);
        context.out.result(added, () => `Added ${added.name}: ${added.kind}, ${added.target}.`);
      }),
    );

  connections
    .command('ls')
    .description('the connections')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const all = await (await context.open()).connections.list();
        context.out.result(all, () =>
          textTable(
            all,
            [
              ['Name', (one) => one.name],
              ['Kind', (one) => one.kind],
              ['Target', (one) => one.target],
              ['Secret', (one) => (one.hasSecret ? 'sealed' : 'none')],
              ['Added', (one) => one.createdAt],
            ],
            'There are no connections. Add one with `falaj connections add`.',
          ),
        );
      }),
    );

  connections
    .command('check')
    .description('connect, and list what can be read')
    .argument('<name>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const check = (await context.runJob(client, () =>
          client.connections.check({ name }),
        )) as ConnectionCheck;
        context.out.result(check, () =>
          [
            `${check.target} answers (${check.latencyMs} ms). ${formatNumber(check.readable.length)} can be read:`,
            ...check.readable.map((each) => `  ${each}`),
          ].join('\n'),
        );
      }),
    );

  connections
    .command('rm')
    .description('forget a connection and its secret')
    .argument('<name>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const removed = await (await context.open()).connections.remove({ name });
        context.out.result(removed, () => `Removed ${name}.`);
      }),
    );
}

function newConnection(context: CommandContext, options: AddOptions): Omit<NewConnection, 'name'> {
  const certificates = options.ca === undefined ? {} : { certificates: readText(context.path(options.ca)) };
  switch (options.kind) {
    case 'postgresql': {
      const secret = password(context, options);
      return {
        target: { kind: 'postgresql', ...postgresTarget(options), ...certificates },
        ...(secret === undefined ? {} : { secret: { password: secret } }),
      };
    }
    case 'duckdb':
    case 'sqlite':
      return { target: { kind: options.kind, path: context.path(needed(options.path, '--path')) } };
    case 's3':
      return {
        target: {
          kind: 's3',
          endpoint: needed(options.endpoint, '--endpoint'),
          bucket: needed(options.bucket, '--bucket'),
          region: options.region,
          ...certificates,
        },
        secret: {
          accessKey: variable(context, needed(options.accessKeyEnv, '--access-key-env')),
          secretKey: variable(context, needed(options.secretKeyEnv, '--secret-key-env')),
        },
      };
  }
}

function postgresTarget(
  options: AddOptions,
): Omit<Extract<NewConnection['target'], { kind: 'postgresql' }>, 'kind'> {
  const url = options.url === undefined ? null : postgresUrl(options.url);
  const port = options.port ?? (url === null || url.port === '' ? undefined : Number(url.port));
  return {
    host: needed(options.host ?? url?.hostname, '--host'),
    ...(port === undefined ? {} : { port }),
    database: needed(
      options.database ?? (url === null ? undefined : decodeURIComponent(url.pathname.slice(1))),
      '--database',
    ),
    user: needed(options.user ?? (url === null ? undefined : decodeURIComponent(url.username)), '--user'),
    tls: options.tls,
  };
}

function postgresUrl(text: string): URL {
  if (!URL.canParse(text) || !/^postgres(ql)?:\/\//.test(text)) {
    throw new FalajError('BAD_INPUT', 'This is no address of a PostgreSQL database.', {
      hint: 'Write postgresql://user@host:port/database.',
    });
  }
  const url = new URL(text);
  if (url.password === '') return url;
  throw new FalajError('BAD_INPUT', 'The address holds a password, which other programs could see.', {
    hint: 'Leave it out, and say --password-env VAR or --password-file F. Change that password.',
  });
}

/** Taken from a variable or a file, never from the arguments: those are seen by every program of this machine. */
function password(context: CommandContext, options: AddOptions): string | undefined {
  if (options.passwordEnv !== undefined) return variable(context, options.passwordEnv);
  return options.passwordFile === undefined
    ? undefined
    : readText(context.path(options.passwordFile)).replace(/\r?\n$/, '');
}

function variable(context: CommandContext, name: string): string {
  const value = context.environment[name];
  if (value !== undefined && value !== '') return value;
  throw new FalajError('BAD_INPUT', `The variable ${name} is not set.`, { details: { variable: name } });
}

function needed(value: string | undefined, option: string): string {
  if (value !== undefined && value !== '') return value;
  throw new FalajError('BAD_INPUT', `${option} is missing.`, { hint: 'See falaj connections add --help.' });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new FalajError('FILE_UNREADABLE', `${file} cannot be read.`, {
      hint: 'Check the path.',
      cause: error,
    });
  }
}
