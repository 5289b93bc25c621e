import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './relations.module.css';

export interface AxisChoice {
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  onChange(value: string): void;
}

/** What stands along each axis of a picture of points. */
export function AxisPair({ across, up }: { readonly across: AxisChoice; readonly up: AxisChoice }) {
  const { t } = useTranslation();
  return (
    <div className={classes.pair}>
      {[
        { ...across, label: t('runs.relations.across') },
        { ...up, label: t('runs.relations.up') },
      ].map(({ label, value, options, onChange }) => (
        <Select
          key={label}
          label={label}
          data={[...options]}
          value={value}
          allowDeselect={false}
          searchable
          onChange={(chosen) => onChange(chosen ?? value)}
        />
      ))}
    </div>
  );
}
