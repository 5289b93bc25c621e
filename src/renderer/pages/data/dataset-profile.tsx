import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ColumnProfile, Dataset } from '../../../shared/contract/types.ts';
import { microsToIso } from '../../../shared/table/column.ts';
import { CellValue } from '../../components/cell-value.tsx';
import { Code } from '../../components/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ColumnHistory } from './column-history.tsx';
import { ColumnShape } from './column-shape.tsx';
import classes from './data.module.css';
import { TypeIcon } from './type-icon.tsx';

/** Every column's statistics, one block each; the address's #name leads to one of them. */
export function DatasetProfile({ dataset }: { readonly dataset: Dataset }) {
  const profile = useQuery('data', 'profile', { name: dataset.name });
  const { t } = useTranslation();
  const frame = useRef<HTMLElement>(null);
  const ready = profile.data !== undefined;
  useEffect(() => {
    if (!ready) return;
    const name = decodeURIComponent(window.location.hash.slice(1));
    frame.current?.querySelector(`[data-column="${CSS.escape(name)}"]`)?.scrollIntoView({ block: 'start' });
  }, [ready]);
  return (
    <ScrollRegion ref={frame} label={t('data.tabColumns')} className={classes.profiles}>
      <Loaded query={profile}>
        {(columns) =>
          columns.map((column) => (
            <ProfileBlock
              key={column.name}
              profile={column}
              history={dataset.version > 1 ? <ColumnHistory dataset={dataset.name} column={column} /> : null}
            />
          ))
        }
      </Loaded>
    </ScrollRegion>
  );
}

const QUANTILE_NAMES: Readonly<Record<string, string>> = {
  '0.01': 'p1',
  '0.05': 'p5',
  '0.25': 'p25',
  '0.5': 'p50',
  '0.75': 'p75',
  '0.95': 'p95',
  '0.99': 'p99',
};

export interface ProfileBlockProps {
  readonly profile: ColumnProfile;
  /** How it went over time, if there is anything to tell. */
  readonly history: ReactNode;
}

/** A column's statistics: its shape, its figures, its quantiles or most frequent values. */
export function ProfileBlock({ profile, history }: ProfileBlockProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const isTime = profile.type === 'timestamp' || profile.type === 'date';
  const number = (value: number): string =>
    isTime ? microsToIso(value).slice(0, 16).replace('T', ' ') : format.number(value, 5);
  const empty = profile.rows === 0 ? 0 : profile.nulls / profile.rows;
  const figures = [
    { label: t('data.nulls'), value: `${format.integer(profile.nulls)} (${format.percent(empty, 1)})` },
    { label: t('data.distinct'), value: profile.distinct === null ? '–' : format.integer(profile.distinct) },
    ...(profile.mean === null ? [] : [{ label: t('data.mean'), value: number(profile.mean) }]),
    ...(profile.standardDeviation === null || isTime
      ? []
      : [{ label: t('data.deviation'), value: format.number(profile.standardDeviation, 5) }]),
  ];
  return (
    <article className={classes.profile} data-column={profile.name}>
      <header className={classes.profileHead}>
        <TypeIcon type={profile.type} />
        <h2>
          <bdi>{profile.name}</bdi>
        </h2>
        <Code>{profile.type}</Code>
      </header>
      <div className={classes.profileChart}>
        <ColumnShape profile={profile} />
        {profile.histogram.length === 0 ? null : (
          <div className={classes.range} dir="ltr">
            <span>
              <CellValue type={profile.type} value={profile.min} />
            </span>
            <span>
              <CellValue type={profile.type} value={profile.max} />
            </span>
          </div>
        )}
      </div>
      <dl className={classes.figures}>
        {figures.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {profile.quantiles.length > 0 ? (
        <dl className={classes.figures}>
          {profile.quantiles.map(({ at, value }) => (
            <div key={at}>
              <dt>{QUANTILE_NAMES[String(at)] ?? `p${String(at * 100)}`}</dt>
              <dd dir="ltr">{number(value)}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <TopValues profile={profile} />
      )}
      {history}
    </article>
  );
}

function TopValues({ profile }: { readonly profile: ColumnProfile }) {
  const format = useFormat();
  return (
    <ol className={classes.topValues}>
      {profile.topValues.slice(0, 8).map(({ value, count }) => (
        <li key={String(value)}>
          <bdi>
            <CellValue type={profile.type} value={value} />
          </bdi>
          <span className={classes.share}>
            <span
              style={{ inlineSize: `${(count / Math.max(1, profile.topValues[0]?.count ?? 1)) * 100}%` }}
            />
          </span>
          <bdi>{format.percent(count / Math.max(1, profile.rows), 1)}</bdi>
        </li>
      ))}
    </ol>
  );
}
