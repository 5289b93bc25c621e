import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago, DateTime } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { actionText, RESULT_TONES } from './audit-presentation.ts';

export interface AuditTableProps {
  /** Newest first; the order of the log is its meaning, so it is never sorted otherwise. */
  readonly entries: readonly AuditEntry[];
  readonly selected: number | null;
  readonly brief: boolean;
  readonly onEnd: () => void;
}

export function AuditTable({ entries, selected, brief, onEnd }: AuditTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<AuditEntry>[]>(() => {
    const sequence: TableColumn<AuditEntry> = {
      id: 'sequence',
      header: t('audit.number'),
      width: '64px',
      align: 'end',
      cell: (entry) => format.integer(entry.sequence),
    };
    const action: TableColumn<AuditEntry> = {
      id: 'action',
      header: t('audit.action'),
      width: 'minmax(130px, 1fr)',
      cell: (entry) => actionText(t, entry.action),
    };
    const object: TableColumn<AuditEntry> = {
      id: 'object',
      header: t('audit.object'),
      width: brief ? 'minmax(110px, 1fr)' : 'minmax(150px, 1.6fr)',
      cell: (entry) => <Code>{entry.object}</Code>,
    };
    if (brief) {
      const ago: TableColumn<AuditEntry> = {
        id: 'ago',
        header: t('audit.when'),
        width: '84px',
        align: 'end',
        cell: (entry) => <Ago at={entry.at} />,
      };
      return [sequence, action, object, ago];
    }
    return [
      sequence,
      {
        id: 'at',
        header: t('audit.when'),
        width: 'minmax(150px, 0.7fr)',
        cell: (entry) => <DateTime at={entry.at} />,
      },
      {
        id: 'actor',
        header: t('audit.who'),
        width: 'minmax(90px, 0.5fr)',
        cell: (entry) => <bdi>{entry.actor}</bdi>,
      },
      action,
      object,
      {
        id: 'result',
        header: t('audit.result'),
        width: '104px',
        cell: (entry) => (
          <StatusBadge tone={RESULT_TONES[entry.result]} plain>
            {t(`audit.results.${entry.result}`)}
          </StatusBadge>
        ),
      },
    ];
  }, [t, format, brief]);
  return (
    <DataTable
      label={t('rooms.audit')}
      columns={columns}
      rows={entries}
      rowKey={(entry) => String(entry.sequence)}
      href={(entry) => `/audit/${String(entry.sequence)}`}
      selectedKey={selected === null ? null : String(selected)}
      onEnd={onEnd}
    />
  );
}
