import { useTranslation } from 'react-i18next';
import type { Run, RunTrials } from '../../../../shared/contract/types.ts';
import { isCost } from '../../../../shared/tuning-goal.ts';
import { useQuery } from '../../../engine/use-query.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { jobOfRun } from '../run-log.tsx';
import verdict from '../verdict-strip.module.css';
import { SearchJob } from './search-job.tsx';
import classes from './search-strip.module.css';
import { useFigureLabel } from './use-figure-label.ts';

/** A search in one line, live: the best so far, how many trials there are and how they do, how long still. */
export function SearchStrip({ run }: { readonly run: Run }) {
  const { data: search } = useQuery('runs', 'trials', { id: run.id }, { keepPrevious: true });
  const job = jobOfRun(run);
  if (search === undefined) return null;
  return (
    <section className={classes.strip}>
      <BestSoFar run={run} search={search} />
      <TrialCounts search={search} />
      {job === null ? null : <SearchJob run={run} job={job} search={search} />}
    </section>
  );
}

function BestSoFar({ run, search }: { readonly run: Run; readonly search: RunTrials }) {
  const { t } = useTranslation();
  const format = useFormat();
  const labelOf = useFigureLabel();
  const { metric, trials, objectives } = search;
  const shown = trials.find(({ isKept }) => isKept) ?? trials.find(({ value }) => value !== null);
  if (shown === undefined || shown.value === null) return null;
  const what = shown.isKept ? 'kept' : run.status === 'running' ? 'bestSoFar' : 'best';
  return (
    <div className={classes.figures}>
      <dl className={classes.figures}>
        {objectives.map(({ name }) => {
          const value = shown.figures[name];
          return (
            <div key={name} className={verdict.figure}>
              <dt className={verdict.figureName}>{labelOf(name)}</dt>
              <dd>
                <bdi dir="ltr">
                  <strong>
                    {value === undefined
                      ? '–'
                      : isCost(name)
                        ? format.number(value, 3)
                        : format.fixed(value, 4)}
                  </strong>
                  {name !== metric || shown.deviation === null ? null : (
                    <span className={classes.soft}> ± {format.fixed(shown.deviation, 4)}</span>
                  )}
                </bdi>
              </dd>
            </div>
          );
        })}
      </dl>
      <span className={classes.soft}>
        {t(`runs.search.${what}`, { number: format.integer(shown.number) })}
      </span>
    </div>
  );
}

const NOTED = ['pruned', 'failed', 'running', 'stopped'] as const;
const PARTS = ['finished', ...NOTED] as const;

function TrialCounts({ search }: { readonly search: RunTrials }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts, planned } = search;
  const ended = counts.finished + counts.pruned + counts.failed;
  const all = Math.max(planned ?? 0, ended + counts.running + counts.stopped, 1);
  const text =
    planned === null
      ? t('runs.search.ended', { ended: format.integer(ended) })
      : t('runs.search.endedOf', { ended: format.integer(ended), planned: format.integer(planned) });
  return (
    <div className={classes.counts}>
      <div
        className={classes.bar}
        role="progressbar"
        aria-label={text}
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={ended}
      >
        {PARTS.map((part) => (
          <span
            key={part}
            data-part={part}
            style={{ inlineSize: `${String((100 * counts[part]) / all)}%` }}
          />
        ))}
      </div>
      <ul className={classes.parts}>
        <li>{text}</li>
        {NOTED.filter((part) => counts[part] > 0).map((part) => (
          <li key={part} data-part={part}>
            {t(`runs.search.${part === 'stopped' ? 'stoppedTrials' : part}`, {
              number: format.integer(counts[part]),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}
