import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearch } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { ArtifactView } from './artifact-view.tsx';
import classes from './runs.module.css';

type Artifact = Run['artifacts'][number];

export function RunArtifacts({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<Artifact>[]>(
    () => [
      {
        id: 'path',
        header: t('runs.path'),
        width: 'minmax(160px, 2fr)',
        value: ({ path }) => path,
        cell: ({ path }) => <Code>{path}</Code>,
      },
      {
        id: 'size',
        header: t('runs.size'),
        width: 'minmax(90px, 0.5fr)',
        align: 'end',
        value: ({ sizeBytes }) => sizeBytes,
        cell: ({ sizeBytes }) => <bdi>{format.bytes(sizeBytes)}</bdi>,
      },
      {
        id: 'digest',
        header: t('runs.digest'),
        width: 'minmax(140px, 1fr)',
        cell: ({ digest }) => <Digest value={digest} />,
      },
    ],
    [t, format],
  );
  const open = new URLSearchParams(useSearch()).get('file');
  if (run.artifacts.length === 0) return <p className={classes.nothing}>{t('runs.noArtifacts')}</p>;
  return (
    <>
      <DataTable
        label={t('runs.tabArtifacts')}
        columns={columns}
        rows={run.artifacts}
        rowKey={({ path }) => path}
        href={({ path }) => `/runs/${run.id}/artifacts?${new URLSearchParams({ file: path }).toString()}`}
        selectedKey={open}
        defaultSort={{ id: 'path', descending: false }}
      />
      {open === null ? null : <ArtifactView key={open} run={run.id} path={open} />}
    </>
  );
}
