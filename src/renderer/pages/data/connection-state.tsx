import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './data.module.css';
import type { CheckedConnection } from './use-connection-check.ts';

/** Whether the connection answers, how fast, and how much it lets be read; or why not. */
export function ConnectionState({ check: { result, error } }: { readonly check: CheckedConnection }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (error !== null) return <ErrorPanel error={error} />;
  return (
    <div role="status" className={classes.connectionState}>
      {result === null ? null : (
        <>
          <StatusBadge tone="good">{t('connections.answers')}</StatusBadge>
          <span>{format.duration(result.latencyMs)}</span>
          <span>
            {t('connections.readable', {
              count: result.readable.length,
              found: format.integer(result.readable.length),
            })}
          </span>
        </>
      )}
    </div>
  );
}
