import { Button } from '@mantine/core';
import { IconActivity, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { DriftCheckSummary } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { type ListAddress, useListAddress } from '../../components/list-address.ts';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { CheckDialog } from './check-dialog.tsx';
import { DriftDetail } from './drift-detail.tsx';

export interface DriftPageProps {
  readonly params: { readonly id?: string | undefined };
}

/** `/drift`, `/drift/ID?column=NAME`; `/drift/new` opens the dialog. */
export function DriftPage({ params }: DriftPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const checks = useQuery('monitoring', 'list', undefined);
  const list = useListAddress();
  const asking = params.id === 'new';
  const id = asking ? undefined : params.id;
  const wanted = list.filter.value.toLowerCase();
  const shown = (checks.data ?? []).filter(({ reference, current }) =>
    `${reference} ${current}`.toLowerCase().includes(wanted),
  );
  const button = (
    <Button component={Link} href={list.within('/drift/new')} leftSection={<IconPlayerPlay size={14} />}>
      {t('drift.check')}
    </Button>
  );
  return (
    <>
      <SplitView
        back={{ href: list.within('/drift'), label: t('rooms.drift') }}
        defaultWidth={320}
        list={
          <>
            <ListToolbar
              title={t('rooms.drift')}
              {...(checks.data === undefined ? {} : { count: format.integer(checks.data.length) })}
              filter={list.filter}
            >
              {id === undefined ? button : null}
            </ListToolbar>
            <Loaded query={checks}>
              {(all) =>
                all.length === 0 ? (
                  <EmptyState
                    icon={IconActivity}
                    title={t('drift.emptyTitle')}
                    text={t('drift.emptyText')}
                    action={button}
                    command="falaj drift check --reference 'flights[2001-01-01..2001-06-01]' --current 'flights[2001-06-01..2001-07-01]'"
                  />
                ) : (
                  <CheckTable
                    within={list.within}
                    checks={shown}
                    selected={id ?? null}
                    brief={id !== undefined}
                  />
                )
              }
            </Loaded>
          </>
        }
        detail={id === undefined ? null : <DriftDetail key={id} id={id} />}
      />
      <CheckDialog opened={asking} onClose={() => navigate(list.within('/drift'))} />
    </>
  );
}

interface CheckTableProps {
  readonly within: ListAddress['within'];
  readonly checks: readonly DriftCheckSummary[];
  readonly selected: string | null;
  readonly brief: boolean;
}

function CheckTable({ within, checks, selected, brief }: CheckTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<DriftCheckSummary>[]>(() => {
    const result: TableColumn<DriftCheckSummary> = {
      id: 'result',
      header: t('drift.result'),
      width: '96px',
      value: ({ drift }) => (drift ? 0 : 1),
      cell: ({ drift }) => (
        <StatusBadge tone={drift ? 'attention' : 'good'} plain>
          {drift ? t('drift.found') : t('drift.quiet')}
        </StatusBadge>
      ),
    };
    const current: TableColumn<DriftCheckSummary> = {
      id: 'current',
      header: t('drift.current'),
      width: 'minmax(120px, 1.5fr)',
      value: (check) => check.current,
      cell: (check) => <Code>{check.current}</Code>,
    };
    const drifted: TableColumn<DriftCheckSummary> = {
      id: 'drifted',
      header: t('drift.drifted'),
      width: brief ? '78px' : 'minmax(86px, 0.5fr)',
      align: 'end',
      value: (check) => check.drifted,
      cell: (check) => (
        <bdi dir="ltr">
          {format.integer(check.drifted)} / {format.integer(check.columns)}
        </bdi>
      ),
    };
    if (brief) return [result, current, drifted];
    return [
      result,
      current,
      {
        id: 'reference',
        header: t('drift.reference'),
        width: 'minmax(120px, 1.5fr)',
        value: (check) => check.reference,
        cell: (check) => <Code>{check.reference}</Code>,
      },
      drifted,
      {
        id: 'rows',
        header: t('data.rows'),
        width: 'minmax(120px, 0.7fr)',
        align: 'end',
        value: (check) => check.rows.current,
        cell: (check) => format.integer(check.rows.current),
      },
      {
        id: 'checked',
        header: t('drift.checked'),
        width: 'minmax(110px, 0.6fr)',
        align: 'end',
        value: (check) => check.checkedAt,
        cell: (check) => <Ago at={check.checkedAt} />,
      },
    ];
  }, [t, format, brief]);
  return (
    <DataTable
      label={t('rooms.drift')}
      columns={columns}
      rows={checks}
      rowKey={(check) => check.id}
      href={(check) => within(`/drift/${check.id}`)}
      selectedKey={selected}
      {...(brief ? {} : { defaultSort: { id: 'checked', descending: true } })}
    />
  );
}
