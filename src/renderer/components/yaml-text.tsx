import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ScrollRegion } from './scroll-region.tsx';
import { useCopy } from './use-copy.ts';
import classes from './yaml-text.module.css';
import { yamlTokens } from './yaml-tokens.ts';

/** A definition as its file says it, with numbered lines and a button that copies it. */
export function YamlText({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  const lines = useMemo(() => text.trimEnd().split('\n'), [text]);
  return (
    <ScrollRegion label={label} className={classes.text} dir="ltr">
      <span className={classes.copy}>
        <Tooltip label={t('common.copy')}>
          <ActionIcon aria-label={t('common.copy')} onClick={() => copy(text)}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      </span>
      <pre>
        {lines.map((line, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <code key={number} className={classes.line}>
            {yamlTokens(line).map(({ role, text: piece }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
              <span key={place} data-role={role}>
                {piece}
              </span>
            ))}
            {'\n'}
          </code>
        ))}
      </pre>
    </ScrollRegion>
  );
}
