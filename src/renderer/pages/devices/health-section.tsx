import { IconTool } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { DeviceHealth, HealthCause } from '../../../shared/contract/types.ts';
import { healthCauseText } from '../../components/health-cause.ts';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { HealthFigures, type HealthProps } from './health-figures.tsx';
import classes from './health-section.module.css';

const TONES: Readonly<Record<DeviceHealth['state'], Tone>> = {
  ok: 'good',
  degraded: 'attention',
  failed: 'bad',
  unknown: 'unknown',
};

/** How a device is: in a word, why it is not well and what to do, and every figure for who wants to see it. */
export function HealthSection({ health, kernelLog }: HealthProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const remedies = [...new Set(health.causes.map(({ remedy }) => remedy))];
  return (
    <section className={classes.health} aria-label={t('devices.health.title')}>
      <div className={classes.line}>
        <span className={classes.label}>{t('devices.health.title')}</span>
        <StatusBadge tone={TONES[health.state]} plain>
          {t(`devices.health.states.${health.state}`)}
        </StatusBadge>
      </div>
      {health.causes.length === 0 ? null : (
        <ul className={classes.causes}>
          {health.causes.map((cause) => (
            <li key={`${cause.code} ${String(cause.xid)}`} data-severity={cause.severity}>
              {healthCauseText(t, format, cause)}
            </li>
          ))}
        </ul>
      )}
      <Remedies remedies={remedies} t={t} />
      <details className={classes.details}>
        <summary>{t('devices.health.details')}</summary>
        <HealthFigures health={health} kernelLog={kernelLog} />
      </details>
    </section>
  );
}

function Remedies({
  remedies,
  t,
}: {
  readonly remedies: readonly HealthCause['remedy'][];
  readonly t: TFunction;
}) {
  if (remedies.length === 0) return null;
  return (
    <ul className={classes.remedies} aria-label={t('devices.health.remedy')}>
      {remedies.map((remedy) => (
        <li key={remedy}>
          <IconTool size={14} aria-hidden />
          {t(`devices.health.remedies.${remedy}`)}
        </li>
      ))}
    </ul>
  );
}
