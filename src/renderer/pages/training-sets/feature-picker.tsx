import { Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { useQuery } from '../../engine/use-query.ts';
import type { BuildForm } from './build-form.ts';
import { type PickRow, pickedState, pickRows, toggled } from './pick-rows.ts';
import classes from './training-sets.module.css';

const ROW_HEIGHT = 28;

export interface FeaturePickerProps {
  readonly form: BuildForm;
  readonly onChange: (change: Partial<BuildForm>) => void;
}

/** A service, or features one by one. */
export function FeaturePicker({ form, onChange }: FeaturePickerProps) {
  const { t } = useTranslation();
  const services = useQuery('features', 'services', undefined);
  const views = useQuery('features', 'views', undefined);
  const [oneByOne, setOneByOne] = useState(form.features.length > 0);
  const choose = (way: string): void => {
    setOneByOne(way === 'features');
    onChange({ service: '', features: [], without: [] });
  };
  return (
    <fieldset className={classes.group}>
      <legend>{t('trainingSets.features')}</legend>
      <SegmentedControl
        fullWidth
        aria-label={t('trainingSets.features')}
        data={[
          { value: 'service', label: t('trainingSets.byService') },
          { value: 'features', label: t('trainingSets.oneByOne') },
        ]}
        value={oneByOne ? 'features' : 'service'}
        onChange={choose}
      />
      {oneByOne ? (
        <FeatureList
          views={views.data ?? []}
          chosen={form.features}
          onChange={(features) => onChange({ features, without: [] })}
        />
      ) : (
        <Select
          label={t('trainingSets.service')}
          description={services.data?.length === 0 ? t('trainingSets.noService') : undefined}
          searchable
          data={(services.data ?? []).map(({ name }) => name)}
          value={form.service === '' ? null : form.service}
          onChange={(service) => onChange({ service: service ?? '', features: [], without: [] })}
        />
      )}
      {form.without.length === 0 ? null : (
        <div className={classes.leftOut}>
          <span>{t('trainingSets.leftOut')}</span>
          {form.without.map((name) => (
            <button
              key={name}
              type="button"
              className={classes.chip}
              aria-label={t('trainingSets.putBack', { name })}
              title={t('trainingSets.putBack', { name })}
              onClick={() => onChange({ without: form.without.filter((one) => one !== name) })}
            >
              <Code>{name}</Code> ×
            </button>
          ))}
        </div>
      )}
    </fieldset>
  );
}

interface FeatureListProps {
  readonly views: readonly FeatureViewInfo[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function FeatureList({ views, chosen, onChange }: FeatureListProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const rows = useMemo(() => pickRows(views, search), [views, search]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  return (
    <>
      <TextInput
        aria-label={t('trainingSets.search')}
        placeholder={t('trainingSets.search')}
        leftSection={<IconSearch size={13} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {views.length === 0 ? (
        <p className={classes.hint}>
          <Link href="/features/~apply">{t('features.emptyTitle')}</Link>
        </p>
      ) : (
        <div ref={scroller} className={classes.picker}>
          <div style={{ blockSize: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]!;
              return (
                <div
                  key={row.id}
                  className={classes.pick}
                  data-view={row.feature === null ? true : undefined}
                  style={{ blockSize: ROW_HEIGHT, transform: `translateY(${String(item.start)}px)` }}
                >
                  <PickBox row={row} chosen={chosen} onChange={onChange} />
                </div>
              );
            })}
          </div>
        </div>
      )}
      <p className={classes.hint} aria-live="polite">
        {t('trainingSets.chosen', { count: chosen.length })}
      </p>
    </>
  );
}

function PickBox({ row, chosen, onChange }: Omit<FeatureListProps, 'views'> & { readonly row: PickRow }) {
  const state = pickedState(row, chosen);
  return (
    <Checkbox
      size="xs"
      label={<Code>{row.feature ?? row.view}</Code>}
      checked={state === 'all'}
      indeterminate={state === 'some'}
      onChange={() => onChange(toggled(row, chosen))}
    />
  );
}
