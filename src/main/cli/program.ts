import { Command } from 'commander';
import { VERSION } from '../../shared/version.ts';
import type { CommandRunner } from './command-runner.ts';
import { addAuditCommands } from './commands/audit-commands.ts';
import { addConnectionCommands } from './commands/connection-commands.ts';
import { addDataCommands } from './commands/data-commands.ts';
import { addDefinitionCommands } from './commands/definition-commands.ts';
import { addDemoCommand } from './commands/demo-command.ts';
import { addDeviceCommands } from './commands/device-commands.ts';
import { addDriftCommands } from './commands/drift-commands.ts';
import { addFeatureCommands } from './commands/feature-commands.ts';
import { addHostCommands } from './commands/host-commands.ts';
import { addImportCommand } from './commands/import-command.ts';
import { addJobCommands } from './commands/job-commands.ts';
import { addJupyterCommand } from './commands/jupyter-command.ts';
import { addLineageCommand } from './commands/lineage-command.ts';
import { addModelCommands } from './commands/model-commands.ts';
import { addRunCommands } from './commands/run-commands.ts';
import { addSchemaCommand } from './commands/schema-command.ts';
import { addScriptCommands } from './commands/script-commands.ts';
import { addSigningCommands } from './commands/signing-commands.ts';
import { addTemplateCommands } from './commands/template-commands.ts';
import { addTokenCommands } from './commands/token-commands.ts';
import { addTrainingCommands } from './commands/training-commands.ts';
import { addVaultCommands } from './commands/vault-commands.ts';
import { addWorkspaceCommands } from './commands/workspace-commands.ts';
import { PROGRAM_HELP } from './help-text.ts';

/** The whole command line. Output and ends are the caller's: nothing here prints or exits by itself. */
export function createProgram(
  run: CommandRunner,
  write: { out(text: string): void; err(text: string): void },
): Command {
  const program = new Command('falaj')
    .description('A machine-learning workstation for data that may not leave the building.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--json', 'print exactly one JSON document')
    .option(
      '--workspace <dir>',
      'the workspace; else $FALAJ_WORKSPACE, the nearest folder upwards that is one, the default',
    )
    .option('--quiet', 'no progress, no notes')
    .option('--debug', 'print the stack of an error')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: write.out, writeErr: write.err, outputError: () => undefined })
    .exitOverride();
  addDemoCommand(program, run);
  addWorkspaceCommands(program, run);
  addHostCommands(program, run);
  addTokenCommands(program, run);
  addVaultCommands(program, run);
  addDeviceCommands(program, run);
  addDefinitionCommands(program, run);
  addSchemaCommand(program, run);
  addDataCommands(program, run);
  addConnectionCommands(program, run);
  addFeatureCommands(program, run);
  addTrainingCommands(program, run);
  addScriptCommands(program, run);
  addJupyterCommand(program, run);
  addTemplateCommands(program, run);
  addJobCommands(program, run);
  addRunCommands(program, run);
  addImportCommand(program, run);
  addModelCommands(program, run);
  addLineageCommand(program, run);
  addSigningCommands(program, run);
  addDriftCommands(program, run);
  addAuditCommands(program, run);
  return program.addHelpText('after', PROGRAM_HELP);
}
