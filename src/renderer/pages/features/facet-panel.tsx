import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FacetValue } from '../../../shared/catalogue/catalogue-facets.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './catalogue.module.css';
import type { Catalogue } from './use-catalogue.ts';
import { useFacetText } from './use-facet-text.ts';

const SHOWN_AT_FIRST = 8;

/** What the views can be narrowed by, with how many each choice would leave. */
export function FacetPanel({
  catalogue,
  opened,
}: {
  readonly catalogue: Catalogue;
  readonly opened: boolean;
}) {
  const { t } = useTranslation();
  return (
    <aside className={classes.facets} aria-label={t('features.filters')} data-opened={opened || undefined}>
      {catalogue.facets
        // One value that every view has tells nothing, unless it is chosen.
        .filter(({ values }) => values.length > 1 || values.some(({ chosen }) => chosen))
        .map(({ facet, values }) => (
          <FacetGroup
            key={facet}
            facet={facet}
            values={values}
            onToggle={(value) => catalogue.toggle(facet, value)}
          />
        ))}
    </aside>
  );
}

interface FacetGroupProps {
  readonly facet: Catalogue['facets'][number]['facet'];
  readonly values: readonly FacetValue[];
  readonly onToggle: (value: string) => void;
}

function FacetGroup({ facet, values, onToggle }: FacetGroupProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const facetText = useFacetText();
  const [all, setAll] = useState(false);
  const shown = all ? values : values.filter(({ chosen }, place) => chosen || place < SHOWN_AT_FIRST);
  return (
    <fieldset className={classes.facet}>
      <legend>{t(`features.facets.${facet}`)}</legend>
      {shown.map(({ value, views, chosen }) => (
        <Checkbox
          key={value}
          size="xs"
          checked={chosen}
          onChange={() => onToggle(value)}
          data-empty={views === 0 ? true : undefined}
          classNames={{ root: classes.choice ?? '', body: classes.choiceBody ?? '' }}
          label={
            <>
              <bdi>{facetText(facet, value)}</bdi>
              <span className={classes.choiceCount}>{format.integer(views)}</span>
            </>
          }
        />
      ))}
      {values.length > shown.length || all ? (
        <button type="button" className={classes.moreValues} aria-expanded={all} onClick={() => setAll(!all)}>
          {all
            ? t('features.fewerValues')
            : t('features.moreValues', {
                count: values.length - shown.length,
                found: format.integer(values.length - shown.length),
              })}
        </button>
      ) : null}
    </fieldset>
  );
}
