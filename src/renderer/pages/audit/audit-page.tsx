import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './audit.module.css';
import { AUDIT_ROOMS } from './audit-presentation.ts';
import { AuditTable } from './audit-table.tsx';
import { EntryDetail } from './entry-detail.tsx';
import { IntegrityStrip } from './integrity-strip.tsx';
import { useAuditLog } from './use-audit-log.ts';

export interface AuditPageProps {
  readonly params: { readonly sequence?: string | undefined };
}

const TYPING_MS = 200;

/** `/audit`, `/audit/SEQUENCE`: who did what, newest first, and the evidence that nothing was changed since. */
export function AuditPage({ params }: AuditPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [room, setRoom] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), TYPING_MS);
  const head = useQuery('audit', 'list', { limit: 1 });
  const { newest, entries, loadOlder } = useAuditLog({ room, text: wanted });
  const selected = /^\d{1,15}$/.test(params.sequence ?? '') ? Number(params.sequence) : null;
  const brief = params.sequence !== undefined;
  return (
    <SplitView
      back={{ href: '/audit', label: t('rooms.audit') }}
      defaultWidth={420}
      list={
        <>
          <ListToolbar
            title={t('rooms.audit')}
            {...(head.data === undefined ? {} : { count: format.integer(head.data.head.size) })}
            filter={{ value: text, onChange: setText }}
          >
            {brief ? null : (
              <Select
                className={classes.rooms ?? ''}
                aria-label={t('audit.room')}
                placeholder={t('audit.allRooms')}
                clearable
                data={AUDIT_ROOMS.map((name) => ({ value: name, label: t(`audit.rooms.${name}`) }))}
                value={room}
                onChange={setRoom}
              />
            )}
          </ListToolbar>
          {brief || head.data === undefined ? null : <IntegrityStrip head={head.data.head} />}
          <Loaded query={newest}>
            {({ entries: page }) =>
              page.length === 0 ? (
                <EmptyState
                  icon={IconShieldCheck}
                  title={t('audit.emptyTitle')}
                  text={t('audit.emptyText')}
                  command="falaj audit log"
                />
              ) : (
                <AuditTable entries={entries} selected={selected} brief={brief} onEnd={loadOlder} />
              )
            }
          </Loaded>
        </>
      }
      detail={brief ? <EntryDetail key={params.sequence} sequence={selected ?? -1} /> : null}
    />
  );
}
