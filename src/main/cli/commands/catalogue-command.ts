import { type Command, Option } from 'commander';
import { catalogueEntries } from '../../../shared/catalogue/catalogue-entry.ts';
import { chosenEntries, type FacetSelection } from '../../../shared/catalogue/catalogue-facets.ts';
import { CatalogueSearch, searchWords } from '../../../shared/catalogue/catalogue-search.ts';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { describeRecipe } from '../../../shared/definitions/aggregates.ts';
import type { ViewSource } from '../../../shared/definitions/features.ts';
import { sourceName } from '../../../shared/definitions/view-source.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { textTable } from '../text-table.ts';

interface ListOptions {
  readonly search?: string;
  readonly entity?: readonly string[];
  readonly owner?: readonly string[];
  readonly tag?: readonly string[];
  readonly label?: readonly string[];
  readonly source?: readonly string[];
  readonly fresh?: readonly string[];
  readonly online?: boolean;
  readonly used?: boolean;
}

/** `falaj features ls`: the catalogue, searched and narrowed as on its page. */
export function addCatalogueCommand(features: Command, run: CommandRunner): void {
  addExamples(
    features
      .command('ls')
      .description('the feature views; with --search their features too, the best first')
      .option('--search <words>', 'in names, columns, descriptions, owners, tags and services')
      .option('--entity <names...>', 'of one of these entities')
      .option('--owner <names...>', 'of one of these owners')
      .option('--tag <tags...>', 'with one of these tags, as key=value')
      .option('--label <labels...>', 'with one of these labels')
      .addOption(
        new Option('--fresh <ages...>', 'whose newest import is that long ago').choices([
          'day',
          'week',
          'month',
          'older',
          'unknown',
        ]),
      )
      .addOption(
        new Option('--source <kinds...>', 'with one of these kinds of source').choices([
          'dataset',
          'view',
          'push',
          'request',
        ]),
      )
      .option('--online', 'those for the online store; --no-online the others')
      .addOption(new Option('--no-online').hideHelp())
      .option('--used', 'those that a service uses; --no-used the others')
      .addOption(new Option('--no-used').hideHelp())
      .action((options: ListOptions, command: Command) =>
        run(command, async (context) => {
          const views = await (await context.open()).features.views();
          const { search = '' } = options;
          const found = new CatalogueSearch(catalogueEntries(views)).find(search);
          const entries = chosenEntries(found, selectionOf(options), Date.now());
          const empty =
            views.length === 0
              ? 'There are no feature views. Write some and run `falaj apply`.'
              : `None of the ${views.length} feature views fits. Ask for less.`;
          if (searchWords(search).length === 0) {
            const shown = entries.map(({ view }) => view);
            context.out.result(shown, () => viewTable(shown, empty));
            return;
          }
          const results = entries.map(({ id, view, feature }) => ({
            id,
            view: view.definition.name,
            feature: feature?.name ?? null,
            entities: view.definition.entities,
            from: feature === null ? viewSourceText(view.definition.source) : describeRecipe(feature),
            usedBy: view.usedBy,
          }));
          context.out.result(results, () =>
            textTable(
              results,
              [
                ['Found', ({ id }) => id],
                ['Entities', ({ entities }) => entities.join(', ')],
                ['From', ({ from }) => from],
                ['Used by', ({ usedBy }) => usedBy.join(', ')],
              ],
              empty,
            ),
          );
        }),
      ),
    [
      'falaj features ls --entity airport --used',
      "falaj features ls --search 'delay mean' --owner demo@falaj.example",
    ],
  );
}

const viewTable = (views: readonly FeatureViewInfo[], empty: string): string =>
  textTable(
    views,
    [
      ['View', (view) => view.definition.name],
      ['Version', (view) => view.version],
      ['Entities', (view) => view.definition.entities.join(', ')],
      ['Source', (view) => viewSourceText(view.definition.source)],
      ['Features', (view) => view.definition.features.length],
      ['Used by', (view) => view.usedBy.join(', ')],
    ],
    empty,
  );

function selectionOf({
  entity,
  owner,
  tag,
  label,
  source,
  fresh,
  online,
  used,
}: ListOptions): FacetSelection {
  const yesOrNo = (value: boolean | undefined): readonly string[] =>
    value === undefined ? [] : [value ? 'yes' : 'no'];
  return {
    entity: entity ?? [],
    owner: owner ?? [],
    tag: tag ?? [],
    label: label ?? [],
    source: source ?? [],
    fresh: fresh ?? [],
    online: yesOrNo(online),
    used: yesOrNo(used),
  };
}

export const viewSourceText = (source: ViewSource): string =>
  sourceName(source) ?? (source.push === true ? 'pushed rows' : 'request');
