import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ModelVersion } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { Gain } from '../runs/gain.tsx';
import { baselineOf, factMetrics, gainOver, judgingMetrics, metricLabel } from '../runs/verdict.ts';
import classes from './models.module.css';

export interface MetricsEvidenceProps {
  readonly model: ModelVersion;
  readonly versions: readonly ModelVersion[];
}

/** The version's metrics beside the baseline and beside the version before it. */
export function MetricsEvidence({ model, versions }: MetricsEvidenceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const previous = versions
    .filter(({ version }) => version < model.version)
    .sort((a, b) => b.version - a.version)[0];
  const names = [...judgingMetrics(model.metrics), ...factMetrics(model.metrics)];
  if (names.length === 0) return <p className={classes.faint}>{t('models.noMetrics')}</p>;
  const figure = (value: number): string =>
    Number.isInteger(value) || Math.abs(value) < 1e-3 ? format.number(value, 4) : format.fixed(value, 4);
  return (
    <section className={classes.section}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('models.metric')}</th>
            <th scope="col" data-end>
              {t('models.thisVersion')}
            </th>
            <th scope="col" data-end>
              {t('runs.baseline')}
            </th>
            <th scope="col" data-end>
              {t('runs.versusBaseline')}
            </th>
            {previous === undefined ? null : (
              <th scope="col" data-end>
                <Link
                  href={`/models/${previous.name}/${String(previous.version)}/metrics`}
                  className={classes.link}
                >
                  {t('models.againstPrevious', { version: format.integer(previous.version) })}
                </Link>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const value = model.metrics[name]!;
            const baseline = baselineOf(model.metrics, name);
            const before = previous?.metrics[name];
            return (
              <tr key={name}>
                <th scope="row">
                  <Code>{metricLabel(name)}</Code>
                </th>
                <td data-end>
                  <b>
                    <bdi>{figure(value)}</bdi>
                  </b>
                </td>
                <td data-end className={classes.faint}>
                  {baseline === null ? '–' : figure(baseline)}
                </td>
                <td data-end>
                  <Gain
                    gain={baseline === null ? null : gainOver(name, value, baseline)}
                    {...(baseline === null ? {} : { difference: value - baseline })}
                  />
                </td>
                {previous === undefined ? null : (
                  <td data-end>
                    <Gain
                      gain={before === undefined ? null : gainOver(name, value, before)}
                      {...(before === undefined ? {} : { difference: value - before })}
                    />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
