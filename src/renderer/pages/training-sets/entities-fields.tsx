import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { PathField } from '../../components/path-field.tsx';
import { TABLE_EXTENSIONS } from '../../components/table-files.ts';
import { useQuery } from '../../engine/use-query.ts';
import { type BuildForm, type Known, timeColumns, withColumns } from './build-form.ts';
import type { FeaturePickerProps } from './feature-picker.tsx';
import classes from './training-sets.module.css';

const WAIT_MS = 300;
/** Room for the cross and the arrow: in Arabic the text ends beside them. */
const CLEARABLE_WIDTH = 52;
const KNOWN: readonly Known[] = ['row', 'newest', 'instant'];

/** The rows: their file, and which of its columns is the time and which the label. */
export function EntitiesFields({ form, onChange }: FeaturePickerProps) {
  const { t } = useTranslation();
  const [file] = useDebouncedValue(form.entities, WAIT_MS);
  const peeked = useQuery('data', 'peek', { files: [file] }, { enabled: file !== '' });
  const columns = file === form.entities && file !== '' ? peeked.data?.columns : undefined;
  const latest = useRef({ form, onChange });
  latest.current = { form, onChange };
  useEffect(() => {
    if (columns === undefined) return;
    const fitted: BuildForm = withColumns(latest.current.form, columns);
    if (fitted !== latest.current.form) latest.current.onChange(fitted);
  }, [columns]);
  const bridge = window.falajDesktop;
  const browse = async (): Promise<string | null> => {
    const [chosen] =
      (await bridge?.openFileDialog({
        title: t('trainingSets.entities'),
        filters: [{ name: t('data.tables'), extensions: TABLE_EXTENSIONS }],
      })) ?? [];
    return chosen ?? null;
  };
  const times = columns === undefined ? [] : timeColumns(columns);
  const names = (columns ?? []).map(({ name }) => name).filter((name) => name !== form.eventTime);
  return (
    <fieldset className={classes.group}>
      <legend>{t('trainingSets.rows')}</legend>
      <PathField
        label={t('trainingSets.entities')}
        placeholder="/data/entities.csv"
        value={form.entities}
        onChange={(entities) => onChange({ entities })}
        browse={bridge && browse}
      />
      <p className={classes.hint}>{t('trainingSets.entitiesHint')}</p>
      {peeked.error === undefined || file !== form.entities ? null : (
        <ErrorPanel error={peeked.error} onRetry={peeked.refresh} />
      )}
      <div className={classes.pair}>
        <Select
          label={t('trainingSets.eventTime')}
          data={times}
          disabled={times.length === 0}
          allowDeselect={false}
          value={form.eventTime === '' ? null : form.eventTime}
          onChange={(eventTime) => onChange({ eventTime: eventTime ?? '' })}
        />
        <Select
          label={t('trainingSets.label')}
          placeholder={t('trainingSets.noLabel')}
          data={names}
          disabled={columns === undefined}
          clearable
          rightSectionWidth={CLEARABLE_WIDTH}
          searchable
          value={form.label === '' ? null : form.label}
          onChange={(label) => onChange({ label: label ?? '' })}
        />
      </div>
      <p className={classes.hint}>
        {columns === undefined
          ? t('trainingSets.peekFirst')
          : times.length === 0
            ? t('trainingSets.noTimes')
            : t('trainingSets.labelHint')}
      </p>
    </fieldset>
  );
}

/** What may be used: the cut-off of what was known. */
export function KnownFields({ form, onChange }: FeaturePickerProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.group}>
      <legend>{t('trainingSets.known')}</legend>
      <SegmentedControl<Known>
        fullWidth
        aria-label={t('trainingSets.known')}
        data={KNOWN.map((known) => ({ value: known, label: t(`trainingSets.knownWays.${known}`) }))}
        value={form.known}
        onChange={(known) => onChange({ known })}
      />
      <p className={classes.hint}>{t(`trainingSets.knownHints.${form.known}`)}</p>
      {form.known === 'instant' ? (
        <TextInput
          label={t('trainingSets.instant')}
          placeholder="2026-02-01T00:00:00Z"
          dir="ltr"
          value={form.instant}
          onChange={(event) => onChange({ instant: event.currentTarget.value })}
        />
      ) : null}
    </fieldset>
  );
}
