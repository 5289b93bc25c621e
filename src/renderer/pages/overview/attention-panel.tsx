import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { DeviceReport, DriftCheckSummary, Job } from '../../../shared/contract/types.ts';
import type { ShownError } from '../../components/error-panel.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { useDeviceText } from '../../components/use-device-text.ts';
import { jobKindText } from '../../shell/job-presentation.ts';
import classes from './overview.module.css';

interface Matter {
  readonly key: string;
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
  readonly at: string | null;
  readonly href: string;
}

export interface AttentionPanelProps {
  readonly jobs: readonly Job[];
  readonly checks: readonly DriftCheckSummary[];
  readonly devices: DeviceReport | undefined;
}

const SHOWN = 8;

/** What waits for a person: failed work, drift found, warnings of the machine. */
export function AttentionPanel({ jobs, checks, devices }: AttentionPanelProps) {
  const { t } = useTranslation();
  const deviceText = useDeviceText();
  const reason = (error: ShownError | null, otherwise: string): string => error?.message ?? otherwise;
  const matters: readonly Matter[] = [
    ...jobs
      .filter(({ state }) => state === 'failed' || state === 'interrupted')
      .map((job) => ({
        key: job.id,
        tone: job.state === 'failed' ? ('bad' as const) : ('attention' as const),
        word: t(`jobStates.${job.state}`),
        text: `${jobKindText(t, job.kind)} · ${reason(job.error, job.title)}`,
        at: job.endedAt,
        href: `/jobs/${job.id}`,
      })),
    ...checks.slice(0, 1).flatMap((check) =>
      check.drift
        ? [
            {
              key: check.id,
              tone: 'attention' as const,
              word: t('overview.drift'),
              text: t('overview.driftText', { count: check.drifted, current: check.current }),
              at: check.checkedAt,
              href: `/drift/${check.id}`,
            },
          ]
        : [],
    ),
    ...(devices?.warningMessages ?? []).map((warning) => ({
      key: warning.text,
      tone: 'attention' as const,
      word: t('rooms.devices'),
      text: deviceText([warning]),
      at: null,
      href: '/devices',
    })),
  ];
  return (
    <section className={classes.panel} aria-labelledby="attention">
      <div className={classes.panelHead}>
        <h2 id="attention">{t('overview.attention')}</h2>
      </div>
      {matters.length === 0 ? (
        <p className={classes.quiet}>
          <IconCircleCheck size={16} aria-hidden />
          {t('overview.nothingWaits')}
        </p>
      ) : (
        matters.slice(0, SHOWN).map((matter) => (
          <Link key={matter.key} href={matter.href} className={classes.line}>
            <StatusBadge tone={matter.tone} plain>
              {matter.word}
            </StatusBadge>
            <span className={classes.lineText}>
              <bdi>{matter.text}</bdi>
            </span>
            <span className={classes.soft}>{matter.at === null ? null : <Ago at={matter.at} />}</span>
          </Link>
        ))
      )}
    </section>
  );
}
