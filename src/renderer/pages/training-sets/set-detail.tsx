import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { TrainingSetReceipt } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { DateTime } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './training-sets.module.css';
import { VerifySet } from './verify-set.tsx';

/** One training set: what it was made of, as its receipt says, and whether it can be made again. */
export function SetDetail({ id }: { readonly id: string }) {
  const receipt = useQuery('features', 'receipt', { id });
  return <Loaded query={receipt}>{(found) => <Receipt id={id} receipt={found} />}</Loaded>;
}

function Receipt({ id, receipt }: { readonly id: string; readonly receipt: TrainingSetReceipt }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { query, spine, output, data, builtAt, run } = receipt;
  const { source } = spine;
  // A training that takes columns of a dataset joins nothing to them.
  const isJoined = receipt.features.length > 0;
  return (
    <div className={classes.detail}>
      <PageHeader
        title={query.service ?? query.training ?? (source.kind === 'dataset' ? source.name : source.file)}
        subtitle={
          <>
            <DateTime at={builtAt} />
            <span aria-hidden>·</span>
            <Digest value={id} />
          </>
        }
        actions={
          <>
            <CopyCommand command={`falaj features verify training-set/${id}`} />
            <VerifySet id={id} />
          </>
        }
      />
      <div className={classes.facts}>
        <StatRow>
          <Stat label={t('trainingSets.rows')}>{format.integer(output.rows)}</Stat>
          {isJoined ? (
            <Stat label={t('trainingSets.features')}>{format.integer(receipt.features.length)}</Stat>
          ) : (
            <Stat label={t('data.columns')}>{format.integer(output.columns.length)}</Stat>
          )}
          {query.training === null ? null : (
            <Stat label={t('trainingSets.training')} plain>
              <Link href={`/training/${query.training}`} className={classes.link}>
                <Code>{query.training}</Code>
              </Link>
            </Stat>
          )}
          <Stat label={t('trainingSets.known')} plain>
            {query.asKnown === null || query.asKnown === 'row' ? (
              t(`trainingSets.knownWays.${query.asKnown ?? 'newest'}`)
            ) : (
              <Code>{query.asKnown}</Code>
            )}
          </Stat>
          <Stat label={t('trainingSets.rowsFrom')} plain>
            {source.kind === 'file' ? (
              <Code>{source.file}</Code>
            ) : (
              <Link href={`/data/${source.name}`} className={classes.link}>
                <Code>{`${source.name}@${String(source.version)}`}</Code>
              </Link>
            )}
          </Stat>
          {query.features === null ? null : (
            <Stat label={t('trainingSets.oneByOne')} plain>
              <Code>{query.features.join(', ')}</Code>
            </Stat>
          )}
          {query.without === undefined ? null : (
            <Stat label={t('trainingSets.leftOut')} plain>
              <Code>{query.without.join(', ')}</Code>
            </Stat>
          )}
          {run === null ? null : (
            <Stat label={t('trainingSets.run')} plain>
              <Link href={`/runs/${run}`} className={classes.link}>
                <Code>{run.slice(0, 12)}</Code>
              </Link>
            </Stat>
          )}
          <Stat label={t('trainingSets.content')} plain>
            <Digest value={output.contentHash} />
          </Stat>
        </StatRow>
        {data.length === 0 ? null : (
          <>
            <h2>{t('trainingSets.madeOf')}</h2>
            <ul className={classes.madeOf}>
              {data.map(({ view, name, version, sequence }) => (
                <li key={view}>
                  <Code>{view}</Code>
                  <Link href={`/data/${name}`} className={classes.link}>
                    <Code>{`${name}@${String(version)}`}</Code>
                  </Link>
                  <span>{t('trainingSets.rowsUsed', { rows: format.integer(sequence) })}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {isJoined ? <FeatureFacts receipt={receipt} /> : <ColumnFacts output={output} />}
    </div>
  );
}

type Feature = TrainingSetReceipt['features'][number];

const nameColumn = (t: TFunction): TableColumn<{ readonly name: string }> => ({
  id: 'name',
  header: t('features.name'),
  width: 'minmax(160px, 2fr)',
  value: ({ name }) => name,
  cell: ({ name }) => <Code>{name}</Code>,
});

function FeatureFacts({ receipt }: { readonly receipt: TrainingSetReceipt }) {
  const { t } = useTranslation();
  const format = useFormat();
  const of = Math.max(1, receipt.output.rows);
  const share = (column: 'nulls' | 'expired', header: string): TableColumn<Feature> => ({
    id: column,
    header,
    width: 'minmax(90px, 0.5fr)',
    align: 'end',
    value: (feature) => feature[column],
    cell: (feature) => format.percent(feature[column] / of, 1),
  });
  return (
    <DataTable
      label={t('trainingSets.features')}
      columns={[
        nameColumn(t),
        share('nulls', t('trainingSets.nullShare')),
        share('expired', t('trainingSets.expiredShare')),
      ]}
      rows={receipt.features}
      rowKey={({ name }) => name}
    />
  );
}

type Output = TrainingSetReceipt['output'];

function ColumnFacts({ output }: { readonly output: Output }) {
  const { t } = useTranslation();
  const format = useFormat();
  const of = Math.max(1, output.rows);
  return (
    <DataTable<Output['columns'][number]>
      label={t('data.columns')}
      columns={[
        nameColumn(t),
        {
          id: 'type',
          header: t('features.type'),
          width: 'minmax(100px, 1fr)',
          value: ({ type }) => type,
          cell: ({ type }) => <Code>{type}</Code>,
        },
        {
          id: 'nulls',
          header: t('trainingSets.nullShare'),
          width: 'minmax(90px, 0.5fr)',
          align: 'end',
          value: ({ nulls }) => nulls,
          cell: ({ nulls }) => format.percent(nulls / of, 1),
        },
      ]}
      rows={output.columns}
      rowKey={({ name }) => name}
    />
  );
}
