import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import type { FeatureServiceDetail, FeatureViewInfo } from '../../../shared/contract/types.ts';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useCopy } from '../../components/use-copy.ts';
import classes from './features.module.css';
import { yamlTokens } from './yaml-tokens.ts';

type Definition = FeatureViewInfo['definition'] | FeatureServiceDetail['definition'];

/** What was applied, as a definition file says it. */
export function DefinitionText({ definition }: { readonly definition: Definition }) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy();
  const text = useMemo(() => stringify(withoutDefaults(definition)), [definition]);
  const lines = useMemo(() => text.trimEnd().split('\n'), [text]);
  return (
    <ScrollRegion label={t('features.definition')} className={classes.definition}>
      <span className={classes.copy}>
        <Tooltip label={t('common.copy')}>
          <ActionIcon aria-label={t('common.copy')} onClick={() => copy(text)}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      </span>
      <pre dir="ltr">
        {lines.map((line, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <code key={number} className={classes.codeLine}>
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

/** Empty lists and maps are what absence means already. */
const withoutDefaults = (definition: Definition): object =>
  Object.fromEntries(
    Object.entries(definition).filter(
      ([key, value]) =>
        key === 'entities' ||
        !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
    ),
  );
