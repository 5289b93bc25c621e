import type { Dataset } from '../../../shared/contract/types.ts';
import { type DatasetDefinition, describeExpectation } from '../../../shared/definitions/datasets.ts';
import { formatBytes } from '../../../shared/units.ts';
import { textFacts, textTable } from '../text-table.ts';

/** What there is to know of a dataset, as `data show` prints it. */
export function textDataset(
  dataset: Dataset,
  definition: DatasetDefinition | null,
  versions: readonly Dataset[],
): string {
  const facts = textFacts([
    ['Name', dataset.name],
    ['Description', definition?.description ?? null],
    ['Owner', definition?.owner ?? null],
    ['Version', dataset.version],
    ['Rows', dataset.rows],
    ['Size', formatBytes(dataset.sizeBytes)],
    ['Event time', dataset.eventTime],
    ['Known time', dataset.knownTime],
    ['Keys', dataset.keys.join(', ')],
    ['Labels', dataset.labels.join(', ')],
    ['Purposes', dataset.purposes.join(', ')],
    ['Mode', dataset.mode],
    ['Added rows', dataset.addedRows],
    ['Source', dataset.source],
    ['Digest', dataset.digest],
    ['Imported', dataset.importedAt],
  ]);
  const columns = textTable(
    dataset.columns,
    [
      ['Column', (column) => column.name],
      ['Type', (column) => column.type],
    ],
    'No columns.',
  );
  const parts = textTable(
    dataset.parts,
    [
      ['Part', (part) => part.source],
      ['Rows', (part) => part.rows],
      ['Corrected', (part) => part.supersededRows],
      ['Size', (part) => formatBytes(part.sizeBytes), 'right'],
      ['Imported', (part) => part.importedAt],
    ],
    'No parts.',
  );
  const history = textTable(
    versions.length > 1 ? versions : [],
    [
      ['Version', (one) => one.version],
      ['Rows', (one) => one.rows],
      ['Mode', (one) => one.mode],
      ['Source', (one) => one.source],
      ['Imported', (one) => one.importedAt],
    ],
    '',
  );
  const expectations = (definition?.expectations ?? []).map((one) => ({ text: describeExpectation(one) }));
  const expected = textTable(expectations, [['Expectation', ({ text }) => text]], '');
  return [facts, columns, parts, history, expected].filter((text) => text !== '').join('\n\n');
}
