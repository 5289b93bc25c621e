import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import classes from './evaluation.module.css';
import { ShapleyChart } from './shapley-chart.tsx';

/** The beeswarm of one class at a time, of a model that scores each class by itself. */
export function ClassShapley({ list }: { readonly list: NonNullable<Evaluation['shapleyClasses']> }) {
  const { t } = useTranslation();
  const [name, setName] = useState(list[0]?.class);
  const chosen = list.find((one) => one.class === name) ?? list[0];
  if (chosen === undefined) return null;
  return (
    <ShapleyChart features={chosen.features} base={chosen.base} ofClass={chosen.class}>
      <Select
        className={classes.measure}
        size="xs"
        aria-label={t('runs.evaluation.class')}
        data={list.map((one) => one.class)}
        value={chosen.class}
        allowDeselect={false}
        onChange={(value) => value !== null && setName(value)}
      />
    </ShapleyChart>
  );
}
