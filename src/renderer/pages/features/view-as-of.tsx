import { Button } from '@mantine/core';
import { IconClockOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { AsOfResult } from '../../../shared/contract/types.ts';
import { CommandLine } from '../../components/command-line.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './as-of.module.css';
import { AsOfTable } from './as-of-table.tsx';
import { EntityField } from './entity-field.tsx';
import { asOfCommand, type KeyRow } from './online-key.ts';
import { TimeSlider } from './time-slider.tsx';

const ENTITIES = 20;

/** What the view said of a few entities at an instant; `?at=` tells which, the newest unless it does. */
export function ViewAsOf({ name }: { readonly name: string }) {
  const newest = useQuery('features', 'asOf', { name, limit: ENTITIES });
  return <Loaded query={newest}>{(answer) => <Moving name={name} newest={answer} />}</Loaded>;
}

function Moving({ name, newest }: { readonly name: string; readonly newest: AsOfResult }) {
  const { t } = useTranslation();
  const [location, navigate] = useLocation();
  const search = useSearch();
  const at = new URLSearchParams(search).get('at');
  const [typed, setTyped] = useState<readonly KeyRow[] | null>(null);
  const keys = typed ?? newest.rows.map((row) => row.keys);
  const isNewest = at === null && typed === null;
  const asked = useQuery(
    'features',
    'asOf',
    { name, keys: [...keys], ...(at === null ? {} : { at }) },
    { enabled: !isNewest && keys.length > 0, keepPrevious: true },
  );
  const failed = !isNewest && asked.error !== undefined;
  const answer = isNewest ? newest : (asked.data ?? newest);
  const setAt = (instant: string | null): void => {
    const parameters = new URLSearchParams(search);
    if (instant === null) parameters.delete('at');
    else parameters.set('at', instant);
    const query = parameters.toString();
    navigate(`${location}${query === '' ? '' : `?${query}`}`, { replace: true });
  };
  const add = (key: KeyRow): void => {
    const others = keys.filter((one) => JSON.stringify(one) !== JSON.stringify(key));
    setTyped([key, ...others].slice(0, ENTITIES));
  };
  if (newest.first === null || newest.last === null) {
    return (
      <EmptyState
        icon={IconClockOff}
        title={t('features.asOf.emptyTitle')}
        text={t('features.asOf.emptyText')}
        command={`falaj features as-of ${name}`}
      />
    );
  }
  return (
    <>
      <div className={classes.controls}>
        <TimeSlider
          first={newest.first}
          last={newest.last}
          at={at}
          previous={answer.previous}
          next={answer.next}
          onChange={setAt}
        />
        <div className={classes.entities}>
          {newest.keys.length === 0 ? null : <EntityField keys={newest.keys} onAdd={add} />}
          {typed === null ? null : (
            <Button variant="default" onClick={() => setTyped(null)}>
              {t('features.asOf.sampled')}
            </Button>
          )}
          <CommandLine command={asOfCommand(name, at, typed)} />
        </div>
        {failed ? <ErrorPanel error={asked.error} /> : null}
      </div>
      {failed ? null : <AsOfTable key={keyOfShape(answer)} name={name} answer={answer} />}
    </>
  );
}

/** Another set of columns is another table; another time is the same one. */
const keyOfShape = ({ keys, features }: AsOfResult): string =>
  [...keys, ...features].map(({ name }) => name).join(' ');
