import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';
import type { FeatureServiceDetail, FeatureViewInfo } from '../../../shared/contract/types.ts';
import { YamlText } from '../../components/yaml-text.tsx';

type Definition = FeatureViewInfo['definition'] | FeatureServiceDetail['definition'];

/** What was applied, as a definition file says it. */
export function DefinitionText({ definition }: { readonly definition: Definition }) {
  const { t } = useTranslation();
  const text = useMemo(() => stringify(withoutDefaults(definition)), [definition]);
  return <YamlText text={text} label={t('features.definition')} />;
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
