import { Button } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './runs.module.css';

export interface SelectionBarProps {
  readonly count: number;
  readonly onCompare: () => void;
  readonly onClear: () => void;
}

/** Stands under the list while runs are chosen. */
export function SelectionBar({ count, onCompare, onClear }: SelectionBarProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.selection} role="status">
      <span>{count === 1 ? t('runs.selectTwo') : t('runs.selected', { count })}</span>
      <Button variant="subtle" color="gray" onClick={onClear}>
        {t('runs.clear')}
      </Button>
      <Button leftSection={<IconColumns size={14} />} disabled={count < 2} onClick={onCompare}>
        {t('runs.compare')} <kbd className={classes.key}>C</kbd>
      </Button>
    </div>
  );
}
