import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { FalajError } from '../../../shared/errors.ts';
import { resourcesFolder } from '../../engine/resources-folder.ts';
import type { CommandRunner } from '../command-runner.ts';
import { shellWord } from '../shell-word.ts';
import { textTable } from '../text-table.ts';

const DEFINITION_FILE = 'training.yaml';

const templatesFolder = (): string => path.join(resourcesFolder(), 'templates');

/** Scripts to begin with, each tracked and ready for `falaj run`. */
export function addTemplateCommands(program: Command, run: CommandRunner): void {
  const templates = program
    .command('templates')
    .description('scripts to begin with, for falaj run and as learners of falaj train');

  templates
    .command('ls')
    .description('the templates')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const list = names().map((name) => ({ name, what: describe(name) }));
        context.out.result(list, () =>
          textTable(
            list,
            [
              ['Template', (one) => one.name],
              ['What', (one) => one.what],
            ],
            'There are none.',
          ),
        );
      }),
    );

  templates
    .command('use')
    .description('copy one into a new folder')
    .argument('<name>')
    .argument('[dir]', "the folder; else the template's name")
    .action((name: string, dir: string | undefined, _options: unknown, command: Command) =>
      run(command, async (context) => {
        if (!names().includes(name)) {
          throw new FalajError('NOT_FOUND', `There is no template "${name}".`, {
            hint: `There are: ${names().join(', ')}.`,
          });
        }
        const target = context.path(dir ?? name);
        if (existsSync(target) && readdirSync(target).length > 0) {
          throw new FalajError('ALREADY_EXISTS', `"${target}" is not empty.`, { hint: 'Name a new folder.' });
        }
        cpSync(path.join(templatesFolder(), name), target, { recursive: true });
        context.out.result({ name, folder: target, files: readdirSync(target) }, () =>
          [`Copied to ${target}. Try it with:`, `  cd ${shellWord(target)} && ${commandOf(target)}`].join(
            '\n',
          ),
        );
      }),
    );
}

/** A learner of a definition has that definition beside it. */
const commandOf = (folder: string): string =>
  existsSync(path.join(folder, DEFINITION_FILE))
    ? `falaj train -f ${DEFINITION_FILE} --wait`
    : 'falaj run --env requirements.txt -- python train.py';

const names = (): string[] => readdirSync(templatesFolder()).sort();

/** The first sentence of its script. */
const describe = (name: string): string =>
  /^"""(.*?)$/m.exec(readFileSync(path.join(templatesFolder(), name, 'train.py'), 'utf8'))?.[1] ?? '';
