import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AsOfResult } from '../../../shared/contract/types.ts';
import classes from './as-of.module.css';
import { type KeyRow, keyFromTexts } from './online-key.ts';

export interface EntityFieldProps {
  readonly keys: AsOfResult['keys'];
  readonly onAdd: (key: KeyRow) => void;
}

/** Adds an entity that a person names to those shown. */
export function EntityField({ keys, onAdd }: EntityFieldProps) {
  const { t } = useTranslation();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const complete = keys.every(({ name }) => (texts[name] ?? '').trim() !== '');
  return (
    <form
      className={classes.entity}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(keyFromTexts(keys, texts));
        setTexts({});
      }}
    >
      {keys.map(({ name, type }) => (
        <TextInput
          key={name}
          aria-label={t('features.online.key', { name, type })}
          placeholder={name}
          dir="auto"
          value={texts[name] ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setTexts((before) => ({ ...before, [name]: value }));
          }}
        />
      ))}
      <Button type="submit" variant="default" leftSection={<IconPlus size={14} />} disabled={!complete}>
        {t('features.asOf.add')}
      </Button>
    </form>
  );
}
