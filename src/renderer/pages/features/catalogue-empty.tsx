import { Button } from '@mantine/core';
import { IconZoomQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { searchWords } from '../../../shared/catalogue/catalogue-search.ts';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { nearestName } from '../../../shared/nearest-name.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { catalogueCommand, chosenValues } from './catalogue-address.ts';
import type { Catalogue } from './use-catalogue.ts';

export interface CatalogueEmptyProps {
  readonly catalogue: Catalogue;
  readonly views: readonly FeatureViewInfo[];
}

/** Nothing fits: says where was looked, and offers the name that was probably meant, or to start anew. */
export function CatalogueEmpty({ catalogue, views }: CatalogueEmptyProps) {
  const { t } = useTranslation();
  const { question } = catalogue;
  const words = searchWords(question.search);
  const meant = words.length === 1 ? nearestName(words[0]!, namesOf(views)) : null;
  const narrowed = chosenValues(question.selection).length > 0;
  return (
    <EmptyState
      icon={IconZoomQuestion}
      title={t('features.noneTitle')}
      text={t(narrowed ? 'features.noneNarrowed' : 'features.noneFound')}
      action={
        <>
          {meant === null ? null : (
            <Button variant="default" onClick={() => catalogue.setSearch(meant)}>
              {t('features.searchInstead', { name: meant })}
            </Button>
          )}
          <Button variant="default" onClick={catalogue.clear}>
            {t('features.clearAll')}
          </Button>
        </>
      }
      command={catalogueCommand(question)}
    />
  );
}

const namesOf = (views: readonly FeatureViewInfo[]): string[] => [
  ...new Set(
    views.flatMap(({ definition }) => [definition.name, ...definition.features.map(({ name }) => name)]),
  ),
];
