import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../shared/contract/types.ts';
import classes from './drift.module.css';

/** One side of a drift check as typed in the dialog. Times are ISO dates or instants, empty for no bound. */
export interface SelectionForm {
  readonly dataset: string;
  readonly from: string;
  readonly to: string;
}

export const emptySelection: SelectionForm = { dataset: '', from: '', to: '' };

export interface SelectionFieldsProps {
  readonly title: string;
  readonly side: 'reference' | 'current';
  readonly datasets: readonly Dataset[];
  readonly value: SelectionForm;
  readonly onChange: (value: SelectionForm) => void;
  readonly autoFocus?: boolean;
}

export function SelectionFields({
  title,
  side,
  datasets,
  value,
  onChange,
  autoFocus = false,
}: SelectionFieldsProps) {
  const { t } = useTranslation();
  const dataset = datasets.find(({ name }) => name === value.dataset);
  const timeless = dataset !== undefined && dataset.eventTime === null;
  return (
    <fieldset className={classes.selection}>
      <legend>
        <i className={classes.side} data-side={side} />
        {title}
      </legend>
      <div className={classes.triple}>
        <Select
          label={t('drift.selectionDataset')}
          required
          searchable
          data={datasets.map(({ name }) => name)}
          value={value.dataset === '' ? null : value.dataset}
          onChange={(name) => onChange({ ...emptySelection, dataset: name ?? '' })}
          {...(autoFocus ? { 'data-autofocus': true } : {})}
        />
        <TextInput
          label={t('drift.selectionFrom')}
          placeholder="2001-01-01"
          dir="ltr"
          disabled={timeless}
          value={value.from}
          onChange={(event) => onChange({ ...value, from: event.currentTarget.value })}
        />
        <TextInput
          label={t('drift.selectionTo')}
          placeholder="2001-06-01"
          dir="ltr"
          disabled={timeless}
          value={value.to}
          onChange={(event) => onChange({ ...value, to: event.currentTarget.value })}
        />
      </div>
      <p className={classes.faint}>
        {timeless ? t('drift.noEventTime', { dataset: value.dataset }) : t('drift.wholeDataset')}
      </p>
    </fieldset>
  );
}
