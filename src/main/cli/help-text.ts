import type { Command } from 'commander';

/** Command lines below a command's help, as a person would type them. */
export const addExamples = (command: Command, examples: readonly string[]): Command =>
  command.addHelpText('after', ['', 'Examples:', ...examples.map((example) => `  ${example}`)].join('\n'));

/** What holds for every command. */
export const PROGRAM_HELP = `
First steps:
  falaj demo                                     the whole job on real flight records
  falaj init my-workspace --name "My workspace"  an encrypted workspace of your own
  falaj ui --open                                the same in a window

Environment:
  FALAJ_WORKSPACE                          the workspace, unless --workspace says another
  FALAJ_PASSPHRASE, FALAJ_PASSPHRASE_FILE  what opens it when nobody is there to type
  FALAJ_KEYRING=off                        never ask the system's keychain

Exit codes:
  0 done  1 failed  2 wrong usage  3 a check found something
  4 locked or not allowed  5 not found  130 stopped by Ctrl-C`;
