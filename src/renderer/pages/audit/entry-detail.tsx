import { Button } from '@mantine/core';
import { IconArrowRight, IconChevronLeft, IconChevronRight, IconMapOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AuditEntry } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { DateTime } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './audit.module.css';
import { actionText, auditTarget, RESULT_TONES } from './audit-presentation.ts';
import { EntryProof } from './entry-proof.tsx';

export function EntryDetail({ sequence }: { readonly sequence: number }) {
  const { t } = useTranslation();
  const found = useQuery('audit', 'list', { before: sequence + 1, limit: 1 });
  return (
    <Loaded query={found}>
      {({ entries: [entry], head }) =>
        entry?.sequence === sequence ? (
          <Entry entry={entry} size={head.size} />
        ) : (
          <EmptyState icon={IconMapOff} title={t('audit.noEntry')} text={t('audit.noEntryText')} />
        )
      }
    </Loaded>
  );
}

function Entry({ entry, size }: { readonly entry: AuditEntry; readonly size: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const target = auditTarget(entry.object);
  const details = Object.entries(entry.details);
  return (
    <>
      <PageHeader
        title={actionText(t, entry.action)}
        badges={
          <StatusBadge tone={RESULT_TONES[entry.result]}>{t(`audit.results.${entry.result}`)}</StatusBadge>
        }
        subtitle={
          <>
            <span>{t('audit.entryNumber', { number: format.integer(entry.sequence) })}</span>
            <span aria-hidden>·</span>
            <DateTime at={entry.at} />
            <span aria-hidden>·</span>
            <bdi>{entry.actor}</bdi>
          </>
        }
        actions={
          <>
            <Neighbour to={entry.sequence - 1} size={size} label={t('audit.before')} icon="before" />
            <Neighbour to={entry.sequence + 1} size={size} label={t('audit.after')} icon="after" />
            <CopyCommand command={`falaj audit proof ${String(entry.sequence)}`} />
            {target === null ? null : (
              <Button
                component={Link}
                href={target}
                rightSection={<IconArrowRight size={14} className={classes.arrow} />}
              >
                {t('audit.openObject')}
              </Button>
            )}
          </>
        }
      />
      <div className={classes.body}>
        <dl className={classes.facts}>
          <dt>{t('audit.action')}</dt>
          <dd>
            <Code>{entry.action}</Code>
          </dd>
          <dt>{t('audit.object')}</dt>
          <dd>
            <Code>{entry.object}</Code>
          </dd>
          {details.map(([name, value]) => (
            <Detail key={name} name={name} value={value} />
          ))}
          <dt>{t('audit.leafHash')}</dt>
          <dd>
            <Digest value={entry.leafHash} length={64} />
          </dd>
        </dl>
        <EntryProof sequence={entry.sequence} />
      </div>
    </>
  );
}

function Detail({ name, value }: { readonly name: string; readonly value: AuditEntry['details'][string] }) {
  return (
    <>
      <dt>
        <Code>{name}</Code>
      </dt>
      <dd>
        <Code>{value === null ? 'null' : String(value)}</Code>
      </dd>
    </>
  );
}

interface NeighbourProps {
  readonly to: number;
  readonly size: number;
  readonly label: string;
  readonly icon: 'before' | 'after';
}

function Neighbour({ to, size, label, icon }: NeighbourProps) {
  const Icon = icon === 'before' ? IconChevronLeft : IconChevronRight;
  if (to < 0 || to >= size) return null;
  return (
    <Link href={`/audit/${String(to)}`} className={classes.neighbour} aria-label={label} title={label}>
      <Icon size={16} className={classes.arrow} />
    </Link>
  );
}
