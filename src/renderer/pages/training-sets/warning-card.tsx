import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { SetWarning } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import type { BuildForm } from './build-form.ts';
import classes from './training-sets.module.css';
import { warningText } from './warning-text.ts';

const TONES: Readonly<Record<SetWarning['severity'], Tone>> = {
  leak: 'bad',
  attention: 'attention',
  note: 'unknown',
};

export interface WarningCardProps {
  readonly warning: SetWarning;
  readonly form: BuildForm;
  /** Changes the form and checks again. */
  readonly onApply: (change: Partial<BuildForm>) => void;
}

/** One finding: what it is, the evidence, what to do, and the doing of it. */
export function WarningCard({ warning, form, onApply }: WarningCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { title, evidence, advice } = warningText(t, format, warning);
  return (
    <li className={classes.warning} data-severity={warning.severity}>
      <div className={classes.warningHead}>
        <StatusBadge tone={TONES[warning.severity]}>
          {t(`trainingSets.severities.${warning.severity}`)}
        </StatusBadge>
        <h3>{title}</h3>
        {'view' in warning ? (
          <Link href={`/features/${warning.view}`} className={classes.link}>
            <Code>{warning.view}</Code>
          </Link>
        ) : null}
      </div>
      <p>{evidence}</p>
      {'columns' in warning ? (
        <p className={classes.columns}>
          {warning.columns.map((name) => (
            <Code key={name}>{name}</Code>
          ))}
        </p>
      ) : null}
      {advice === null ? null : <p className={classes.advice}>{advice}</p>}
      <Remedy warning={warning} form={form} onApply={onApply} />
    </li>
  );
}

function Remedy({ warning, form, onApply }: WarningCardProps) {
  const { t } = useTranslation();
  if (warning.severity === 'note') return null;
  const leaveOut = (columns: readonly string[]): void =>
    onApply({ without: [...new Set([...form.without, ...columns])] });
  return (
    <div className={classes.remedies}>
      {warning.code === 'KNOWN_LATER' && form.known !== 'row' ? (
        <Button size="compact-sm" variant="default" onClick={() => onApply({ known: 'row' })}>
          {t('trainingSets.useRow')}
        </Button>
      ) : null}
      {'columns' in warning ? (
        <Button
          size="compact-sm"
          variant={warning.code === 'KNOWN_LATER' ? 'subtle' : 'default'}
          onClick={() => leaveOut(warning.columns)}
        >
          {t('trainingSets.leaveOut', { count: warning.columns.length })}
        </Button>
      ) : null}
    </div>
  );
}
