import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

/** What a command ends with when it did its work but found something: exit 3. */
export const FOUND_SOMETHING = 3;

/** Runs a command's body with a context made from the global options; the body may give an exit code other than 0. */
export type CommandRunner = (
  command: Command,
  body: (context: CommandContext) => Promise<number | undefined> | Promise<void>,
) => Promise<void>;

export interface GlobalOptions {
  readonly json?: boolean;
  readonly workspace?: string;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}
