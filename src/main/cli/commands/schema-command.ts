import type { Command } from 'commander';
import { z } from 'zod';
import { datasetDefinition } from '../../../shared/definitions/datasets.ts';
import {
  entityDefinition,
  featureServiceDefinition,
  featureViewDefinition,
} from '../../../shared/definitions/features.ts';
import { trainingDefinition } from '../../../shared/definitions/training.ts';
import type { CommandRunner } from '../command-runner.ts';

const definition = z.discriminatedUnion('kind', [
  datasetDefinition,
  entityDefinition,
  featureViewDefinition,
  featureServiceDefinition,
  trainingDefinition,
]);

/** For editors: what one document of a definition file may say. */
export function addSchemaCommand(program: Command, run: CommandRunner): void {
  program
    .command('schema')
    .description('the JSON Schema of definition files, for editors')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const schema = z.toJSONSchema(definition, { io: 'input' });
        context.out.result(schema, () => JSON.stringify(schema, null, 2));
      }),
    );
}
