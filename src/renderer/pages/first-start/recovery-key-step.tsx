import { Button, TextInput } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCopy } from '../../components/use-copy.ts';
import classes from './first-start.module.css';

const plain = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase();

/** Shown once. Typing its last group proves that it was kept, not only seen. */
export function RecoveryKeyStep({
  recoveryKey,
  onKept,
}: {
  readonly recoveryKey: string;
  readonly onKept: () => void;
}) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  const [typed, setTyped] = useState('');
  const groups = recoveryKey.split('-');
  const kept = plain(typed) === plain(groups.at(-1) ?? '') || plain(typed) === plain(recoveryKey);
  const save = (): void => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${recoveryKey}\n`], { type: 'text/plain' }));
    link.download = 'falaj-recovery-key.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <form
      className={classes.panel}
      onSubmit={(event) => {
        event.preventDefault();
        if (kept) onKept();
      }}
    >
      <h2>{t('start.recoveryTitle')}</h2>
      <p className={classes.note}>{t('start.recoveryText')}</p>
      <div className={classes.key} dir="ltr" data-testid="recovery-key">
        {groups.map((group, place) => (
          <span key={`${String(place)}${group}`}>{group}</span>
        ))}
      </div>
      <div className={classes.buttons}>
        <Button variant="default" leftSection={<IconDownload size={14} />} onClick={save}>
          {t('start.recoverySave')}
        </Button>
        <Button
          variant="default"
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => copy(recoveryKey)}
        >
          {t('common.copy')}
        </Button>
      </div>
      <TextInput
        label={t('start.recoveryConfirm')}
        dir="ltr"
        autoComplete="off"
        required
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button type="submit" disabled={!kept}>
          {t('start.continue')}
        </Button>
      </div>
    </form>
  );
}
