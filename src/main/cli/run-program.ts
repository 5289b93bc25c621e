import { type Command, CommanderError } from 'commander';
import { resolveWorkspace } from '../../core/locations/index.ts';
import { FalajError, isFalajError, toFalajError } from '../../shared/errors.ts';
import { CommandContext } from './command-context.ts';
import { CommandOutput, type OutputStreams } from './command-output.ts';
import type { CommandRunner, GlobalOptions } from './command-runner.ts';
import type { Terminal } from './passphrase-prompt.ts';
import { createProgram } from './program.ts';

export const EXIT_WRONG_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

export interface ProgramSurroundings {
  readonly arguments: readonly string[];
  readonly streams: OutputStreams;
  readonly environment: Record<string, string | undefined>;
  readonly workingDirectory: string;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly terminal: Terminal | null;
}

/** Runs one command line to its end and gives its exit code. Every failure is printed in the one form that people and programs know. */
export async function runProgram(around: ProgramSurroundings): Promise<number> {
  let exitCode = 0;
  // Before the arguments are understood, what they plainly say decides how an error is printed.
  const asked = { json: around.arguments.includes('--json'), debug: around.arguments.includes('--debug') };
  const report = (error: unknown): void => {
    if (asked.debug && error instanceof Error) around.streams.err.write(`${error.stack ?? error.message}\n`);
  };

  const run: CommandRunner = async (command, body) => {
    const options = command.optsWithGlobals<GlobalOptions>();

    const context = new CommandContext({
      workspace: resolveWorkspace({
        asked: options.workspace,
        environment: around.environment,
        workingDirectory: around.workingDirectory,
      }),
      out: new CommandOutput({
        json: options.json ?? false,
        quiet: options.quiet ?? false,
        streams: around.streams,
      }),
      signal: around.signal,
      environment: around.environment,
      workingDirectory: around.workingDirectory,
      terminal: around.terminal,
      report,
    });
    try {
      exitCode = (await body(context)) ?? 0;
    } finally {
      await context.close();
    }
  };

  const write = {
    out: (text: string) => void around.streams.out.write(text),
    err: (text: string) => {
      if (!asked.json) around.streams.err.write(text);
    },
  };
  const program = createProgram(run, write);
  try {
    await program.parseAsync([...around.arguments], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
    if (error instanceof CommanderError && error.code === 'commander.help' && !asked.json)
      return EXIT_WRONG_USAGE; // its help is printed
    const known =
      error instanceof CommanderError ? wrongUsage(error, program, around.arguments) : toFalajError(error);
    const stack = asked.debug && !(error instanceof CommanderError) ? stackOf(error) : undefined;
    new CommandOutput({ json: asked.json, quiet: false, streams: around.streams }).error(known, stack);
    return error instanceof CommanderError ? EXIT_WRONG_USAGE : known.exitCode;
  }
}

function wrongUsage(error: CommanderError, program: Command, given: readonly string[]): FalajError {
  const noCommand = error.code === 'commander.help'; // a group without its command: Commander has printed its help
  const message = noCommand ? 'Which command?' : error.message.replace(/^error: /, '');
  return new FalajError('BAD_INPUT', message, {
    hint:
      error.code === 'commander.unknownOption' && given.includes('run') && !given.includes('--')
        ? 'Write -- before the program: falaj run -- python train.py --epochs 10.'
        : `See \`${commandOf(program, given)} --help\`.`,
  });
}

/** The command that was meant, as far as it is one. */
function commandOf(program: Command, given: readonly string[]): string {
  const names = [program.name()];
  let command = program;
  for (const word of given) {
    if (word === '--') break;
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) continue;
    names.push(next.name());
    command = next;
  }
  return names.join(' ');
}

function stackOf(error: unknown): string | undefined {
  const own = error instanceof Error ? error.stack : undefined;
  const cause = isFalajError(error) && error.cause instanceof Error ? error.cause.stack : undefined;
  return [own, cause].filter((text) => text !== undefined).join('\ncaused by: ') || undefined;
}
