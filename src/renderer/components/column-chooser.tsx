import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import classes from './column-chooser.module.css';

export interface ChooserGroup {
  readonly title: string;
  readonly options: readonly { readonly key: string; readonly label: string }[];
}

export interface ColumnChooserProps {
  readonly label: string;
  readonly groups: readonly ChooserGroup[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  /** Back to what is shown without any choice; absent where that is what is shown. */
  readonly onReset?: (() => void) | undefined;
}

/** Of very many names those are listed that the search leaves. */
const MOST_LISTED = 100;

/** Which of many columns or rows are shown: a button, and behind it names to tick. */
export function ColumnChooser({ label, groups, chosen, onChange, onReset }: ColumnChooserProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [wanted, setWanted] = useState('');
  const toggle = (key: string): void => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChange(next);
  };
  return (
    <Popover position="bottom-end" trapFocus shadow="md" onClose={() => setWanted('')}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={14} />}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.panel}>
          <TextInput
            size="xs"
            data-autofocus
            placeholder={t('common.filter')}
            aria-label={t('common.filter')}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
          <div className={classes.list}>
            {groups.map(({ title, options }) => {
              const found = options.filter((option) =>
                option.label.toLowerCase().includes(wanted.toLowerCase()),
              );
              if (found.length === 0) return null;
              return (
                <fieldset key={title} className={classes.group}>
                  <legend>{title}</legend>
                  {found.slice(0, MOST_LISTED).map((option) => (
                    <Checkbox
                      key={option.key}
                      size="xs"
                      label={<bdi>{option.label}</bdi>}
                      checked={chosen.has(option.key)}
                      onChange={() => toggle(option.key)}
                    />
                  ))}
                  {found.length > MOST_LISTED ? (
                    <span className={classes.more}>
                      {t('common.moreNames', { count: format.integer(found.length - MOST_LISTED) })}
                    </span>
                  ) : null}
                </fieldset>
              );
            })}
          </div>
          {onReset === undefined ? null : (
            <div className={classes.foot}>
              <Button variant="subtle" color="gray" onClick={onReset}>
                {t('common.reset')}
              </Button>
            </div>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
