import { useTranslation } from 'react-i18next';
import type { PlannedChange } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import classes from './features.module.css';

const TONES: Readonly<Record<PlannedChange['change'], Tone>> = {
  create: 'good',
  update: 'attention',
  unchanged: 'unknown',
  delete: 'bad',
};

/** What applying would do, object by object. */
export function PlanList({ changes }: { readonly changes: readonly PlannedChange[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.planned} aria-label={t('features.plan')}>
      {changes.map(({ kind, name, change, differences }) => (
        <li key={`${kind} ${name}`}>
          <StatusBadge tone={TONES[change]} plain>
            {t(`features.changes.${change}`)}
          </StatusBadge>
          <span>
            <Code>{kind}</Code>{' '}
            <strong>
              <bdi>{name}</bdi>
            </strong>
            {differences.map((difference) => (
              <span key={difference} className={classes.difference}>
                <Code>{difference}</Code>
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
