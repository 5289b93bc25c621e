import { useTranslation } from 'react-i18next';
import classes from './skeleton.module.css';

/** Holds the place while the first answer is on its way. */
export function Skeleton({ lines = 6 }: { readonly lines?: number }) {
  const { t } = useTranslation();
  return (
    <div className={classes.lines} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={`line-${String(line)}`} className={classes.line} />
      ))}
    </div>
  );
}
