import { TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import classes from './list-toolbar.module.css';

export interface ListToolbarProps {
  readonly title: string;
  readonly count?: string;
  readonly filter?: {
    readonly value: string;
    readonly onChange: (value: string) => void;
    /** What is looked through, where that is more than the names shown. */
    readonly placeholder?: string;
    /** For conditions, which are longer than names. */
    readonly wide?: boolean;
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
          className={cx(classes.filter, filter.wide === true && classes.wide) ?? ''}
          {...(filter.value === '' ? {} : { dir: 'auto' })}
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
