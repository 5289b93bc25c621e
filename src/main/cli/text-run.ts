import type { Evaluation, Run } from '../../shared/contract/types.ts';
import { textInterval } from './commands/evaluation-text.ts';
import { textFacts, textTable } from './text-table.ts';

/** Tags hold whole documents, such as the definition of a training: `--json` has all of them. */
const LONGEST_TAG_CHARACTERS = 100;

/** A run as text: what it is, its metrics, parameters and tags. */
export const textRun = (run: Run, evaluation: Evaluation | null): string =>
  [
    textFacts([
      ['Run', run.id],
      ['Name', run.name],
      ['Experiment', run.experiment],
      ['Status', run.status],
      ['Started', run.startedAt],
      ['Ended', run.endedAt],
      ['Model', run.model === null ? null : `${run.model.name}:${run.model.version}`],
      ['Data', run.data.map((data) => `${data.name}@${data.version}`).join(', ')],
    ]),
    '',
    textTable(
      Object.entries(run.metrics),
      [
        ['Metric', ([name]) => name],
        ['Value', ([, value]) => value],
        ['Interval', ([name]) => textInterval(evaluation?.intervals?.[name])],
      ],
      'No metrics.',
    ),
    '',
    namedTexts('Parameter', Object.entries(run.params), 'No parameters.'),
    '',
    namedTexts(
      'Tag',
      Object.entries(run.tags).map(([name, value]) => [name, firstOf(value)]),
      'No tags.',
    ),
  ].join('\n');

const namedTexts = (title: string, entries: readonly (readonly [string, string])[], none: string): string =>
  textTable(
    entries,
    [
      [title, ([name]) => name],
      ['Value', ([, value]) => value],
    ],
    none,
  );

function firstOf(text: string): string {
  const characters = [...text.replaceAll(/\s+/gu, ' ')];
  return characters.length <= LONGEST_TAG_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, LONGEST_TAG_CHARACTERS - 1).join('')}…`;
}
