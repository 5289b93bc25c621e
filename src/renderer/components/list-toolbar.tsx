import { TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './list-toolbar.module.css';

export interface ListToolbarProps {
  readonly title: string;
  readonly count?: string;
  readonly filter?: {
    readonly value: string;
    readonly onChange: (value: string) => void;
    /** What is looked through, where that is more than the names shown. */
    readonly placeholder?: string;
  };
  readonly children?: ReactNode;
}

/** The head of a list: what it holds, how many, a filter (reached with /), actions. */
export function ListToolbar({ title, count, filter, children }: ListToolbarProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.toolbar}>
      <h2 className={classes.title}>
        {title}
        {count === undefined ? null : <span className={classes.count}>{count}</span>}
      </h2>
      {filter === undefined ? null : (
        <TextInput
          className={classes.filter ?? ''}
          data-list-filter
          size="xs"
          leftSection={<IconFilter size={13} />}
          placeholder={filter.placeholder ?? t('common.filter')}
          aria-label={filter.placeholder ?? t('common.filter')}
          value={filter.value}
          onChange={(event) => filter.onChange(event.currentTarget.value)}
        />
      )}
      {children}
    </div>
  );
}
