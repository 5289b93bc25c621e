import { Button } from '@mantine/core';
import { IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type FalajError, isErrorCode } from '../../shared/errors.ts';
import classes from './error-panel.module.css';

export interface ShownError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details?: FalajError['details'] | undefined;
}

/** What happened, why, what to do; code and facts in a fold. */
export function ErrorPanel({
  error,
  onRetry,
}: {
  readonly error: ShownError;
  readonly onRetry?: () => void;
}) {
  const { t } = useTranslation();
  const code = isErrorCode(error.code) ? error.code : 'INTERNAL';
  const facts = Object.entries(error.details ?? {}).map(([key, value]) => `${key}: ${String(value)}`);
  return (
    <div className={classes.panel} role="alert">
      <IconCircleX size={16} className={classes.icon} aria-hidden />
      <div className={classes.body}>
        <div className={classes.title}>{t(`errors.${code}`)}</div>
        <p className={classes.message} dir="auto">
          {error.message}
        </p>
        {error.hint === '' ? null : (
          <p className={classes.hint} dir="auto">
            {error.hint}
          </p>
        )}
        <details className={classes.details}>
          <summary>{t('common.details')}</summary>
          <pre>{[`code: ${error.code}`, ...facts].join('\n')}</pre>
        </details>
      </div>
      {onRetry === undefined ? null : (
        <Button variant="default" onClick={onRetry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </div>
  );
}
