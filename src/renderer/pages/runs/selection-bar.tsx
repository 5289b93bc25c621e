import { Button } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { MOST_COMPARED } from '../../../shared/run-limits.ts';
import classes from './runs.module.css';

export interface SelectionBarProps {
  readonly count: number;
  readonly onCompare: () => void;
  /** Chooses the first of the list, as many as can be compared. */
  readonly onAll: () => void;
  readonly onClear: () => void;
}

/** Stands under the list while runs are chosen. */
export function SelectionBar({ count, onCompare, onAll, onClear }: SelectionBarProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.selection} role="status">
      <span>
        {count === 1
          ? t('runs.selectTwo')
          : count > MOST_COMPARED
            ? t('runs.tooMany', { count, most: MOST_COMPARED })
            : t('runs.selected', { count })}
      </span>
      <Button variant="subtle" color="gray" onClick={onAll}>
        {t('runs.selectListed', { most: MOST_COMPARED })}
      </Button>
      <Button variant="subtle" color="gray" onClick={onClear}>
        {t('runs.clear')}
      </Button>
      <Button
        leftSection={<IconColumns size={14} />}
        disabled={count < 2 || count > MOST_COMPARED}
        onClick={onCompare}
      >
        {t('runs.compare')} <kbd className={classes.key}>C</kbd>
      </Button>
    </div>
  );
}
