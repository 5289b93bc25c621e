import { Button, TextInput } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './path-field.module.css';

export interface PathFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (path: string) => void;
  /** Asks with the system's own dialog; absent in a browser, where a path is typed. */
  readonly browse: (() => Promise<string | null>) | undefined;
}

/** A path on the engine's machine. */
export function PathField({ label, placeholder, value, onChange, browse }: PathFieldProps) {
  const { t } = useTranslation();
  const choose = async (): Promise<void> => {
    const path = (await browse?.()) ?? null;
    if (path !== null) onChange(path);
  };
  return (
    <div className={classes.field}>
      <TextInput
        label={label}
        placeholder={placeholder}
        dir="ltr"
        required
        data-autofocus
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {browse === undefined ? null : (
        <Button variant="default" leftSection={<IconFolderOpen size={14} />} onClick={() => void choose()}>
          {t('common.browse')}
        </Button>
      )}
    </div>
  );
}
