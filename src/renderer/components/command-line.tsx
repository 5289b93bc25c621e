import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconTerminal2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './command-line.module.css';
import { useCopy } from './use-copy.ts';

/** The command that does the same, ready to copy. */
export function CommandLine({ command }: { readonly command: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  return (
    <span className={classes.line} dir="ltr">
      <span className={classes.prompt} aria-hidden>
        $
      </span>
      <code>{command}</code>
      <ActionIcon size={24} aria-label={t('common.copyCommand')} onClick={() => copy(command)}>
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </span>
  );
}

/** The same as a button, for headers where a whole line is too much. */
export function CopyCommand({ command }: { readonly command: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  return (
    <Tooltip label={<code dir="ltr">{command}</code>}>
      <ActionIcon aria-label={t('common.copyCommand')} onClick={() => copy(command)}>
        {copied ? <IconCheck size={16} /> : <IconTerminal2 size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
