import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyCommand } from '../../components/command-line.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './catalogue.module.css';
import { catalogueCommand, chosenValues, isNarrowed } from './catalogue-address.ts';
import type { Catalogue } from './use-catalogue.ts';
import { useFacetText } from './use-facet-text.ts';

/** How many are left, what they were narrowed by, and how to let go of each or of all. */
export function CatalogueChoices({ catalogue }: { readonly catalogue: Catalogue }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facetText = useFacetText();
  const { question, entries } = catalogue;
  if (!isNarrowed(question)) return null;
  const views = entries.filter(({ feature }) => feature === null).length;
  const features = entries.length - views;
  return (
    <div className={classes.choices}>
      <span role="status">
        {t('features.foundViews', { count: views, found: format.integer(views) })}
        {question.search.trim() === ''
          ? null
          : ` · ${t('features.foundFeatures', { count: features, found: format.integer(features) })}`}
      </span>
      {chosenValues(question.selection).map(({ facet, value }) => {
        const text = facetText(facet, value);
        return (
          <button
            key={`${facet} ${value}`}
            type="button"
            className={classes.chosen}
            aria-label={t('features.letGo', { facet: t(`features.facets.${facet}`), value: text })}
            onClick={() => catalogue.toggle(facet, value)}
          >
            <span>{t(`features.facets.${facet}`)}</span> <bdi>{text}</bdi>
            <IconX size={12} aria-hidden />
          </button>
        );
      })}
      <button type="button" className={classes.clear} onClick={catalogue.clear}>
        {t('features.clearAll')}
      </button>
      <CopyCommand command={catalogueCommand(question)} />
    </div>
  );
}
