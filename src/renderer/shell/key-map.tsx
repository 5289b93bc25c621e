import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './key-map.module.css';
import { ROOMS } from './navigation.ts';

interface KeyLine {
  readonly keys: readonly string[];
  readonly text: string;
}

export function KeyMap({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const lines: readonly KeyLine[] = [
    { keys: ['Ctrl', 'K'], text: t('keys.palette') },
    { keys: ['?'], text: t('keys.map') },
    { keys: ['j', 'k'], text: t('keys.move') },
    { keys: ['↵'], text: t('keys.open') },
    { keys: ['Esc'], text: t('keys.back') },
    { keys: ['/'], text: t('keys.filter') },
    ...ROOMS.map((room) => ({ keys: ['g', room.key], text: t(`rooms.${room.id}`) })),
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('commands.keyMap')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className={classes.grid}>
        {lines.map((line) => (
          <div key={line.keys.join(' ')} className={classes.row}>
            <span>{line.text}</span>
            <span className={classes.keys}>
              {line.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          </div>
        ))}
      </div>
    </Modal>
  );
}
