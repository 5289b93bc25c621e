import { useTranslation } from 'react-i18next';
import type { ColumnProfile, ViewStatisticsEntry } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { FoldedHistory, type HistoryOf, HistoryTable } from '../data/column-history.tsx';
import dataClasses from '../data/data.module.css';
import { ProfileBlock } from '../data/dataset-profile.tsx';
import classes from './features.module.css';

/** What each feature is at the times of the view's own rows, and how that went from import to import. */
export function ViewStatistics({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery('features', 'statistics', { name });
  return (
    <Loaded query={query}>
      {(entries) => {
        const [current, ...earlier] = entries;
        // A view that is computed from requests has no rows of its own, and no such tab.
        if (current === undefined) return null;
        return (
          <>
            <div className={classes.statisticsHead}>
              <span>
                {t('features.statistics.of', {
                  sampled: format.integer(current.sampledRows),
                  rows: format.integer(current.rows),
                })}{' '}
                <Ago at={current.computedAt} />
              </span>
              <CopyCommand command={`falaj features stats ${name}`} />
            </div>
            <ScrollRegion label={t('features.statistics.tab')} className={dataClasses.profiles}>
              {current.features.map((profile) => (
                <ProfileBlock
                  key={profile.name}
                  profile={profile}
                  history={
                    earlier.length === 0 ? null : (
                      <FoldedHistory>
                        <HistoryTable
                          column={profile}
                          entries={historyOf(profile, entries)}
                          when={t('features.statistics.computed')}
                        />
                      </FoldedHistory>
                    )
                  }
                />
              ))}
            </ScrollRegion>
          </>
        );
      }}
    </Loaded>
  );
}

/** A feature's statistics in the entries that have it. */
const historyOf = ({ name }: ColumnProfile, entries: readonly ViewStatisticsEntry[]): HistoryOf[] =>
  entries.flatMap(({ computedAt, dataset, features }) =>
    features
      .filter((feature) => feature.name === name)
      .map((feature) => ({ ...feature, version: dataset?.version ?? null, importedAt: computedAt })),
  );
