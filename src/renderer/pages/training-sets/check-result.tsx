import { useTranslation } from 'react-i18next';
import type { SetCheck } from '../../../shared/contract/types.ts';
import { Stat, StatRow } from '../../components/stat.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { addressOf, type BuildForm } from './build-form.ts';
import { PreviewGrid } from './preview-grid.tsx';
import classes from './training-sets.module.css';
import { WarningCard } from './warning-card.tsx';

export interface CheckResultProps {
  readonly job: string;
  readonly check: SetCheck;
  readonly form: BuildForm;
  /** What was checked; the form may have moved on since. */
  readonly checked: BuildForm;
  readonly onApply: (change: Partial<BuildForm>) => void;
}

/** The verdict, what it rests on, and the first rows. */
export function CheckResult({ job, check, form, checked, onApply }: CheckResultProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { warnings, rows, rowsWithoutTime, features, label } = check;
  const leaks = warnings.filter(({ severity }) => severity === 'leak').length;
  return (
    <>
      <div className={classes.verdict}>
        <span className={classes.badges}>
          <StatusBadge tone={leaks > 0 ? 'bad' : 'good'}>
            {leaks > 0 ? t('trainingSets.leaks', { count: leaks }) : t('trainingSets.clean')}
          </StatusBadge>
          {addressOf(form) !== addressOf(checked) ? (
            <StatusBadge tone="attention">{t('trainingSets.stale')}</StatusBadge>
          ) : null}
        </span>
        <StatRow>
          <Stat label={t('trainingSets.rows')}>{format.integer(rows)}</Stat>
          <Stat label={t('trainingSets.features')}>{format.integer(features.length)}</Stat>
          {rowsWithoutTime === 0 ? null : (
            <Stat label={t('trainingSets.withoutTime')}>{format.integer(rowsWithoutTime)}</Stat>
          )}
          <Stat label={t('trainingSets.heldAgainst')} plain={label === null}>
            {label === null ? t('trainingSets.noLabel') : format.integer(label.sampledRows)}
          </Stat>
        </StatRow>
      </div>
      {warnings.length === 0 ? null : (
        <ul className={classes.warnings} aria-label={t('trainingSets.findings')}>
          {warnings.map((warning) => (
            <WarningCard
              key={`${warning.code} ${'columns' in warning ? warning.columns.join(' ') : warning.label} ${'through' in warning ? warning.through : ''}`}
              warning={warning}
              form={form}
              onApply={onApply}
            />
          ))}
        </ul>
      )}
      <div className={classes.preview}>
        <PreviewGrid job={job} check={check} eventTime={checked.eventTime} label={checked.label} />
      </div>
    </>
  );
}
