import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { ChartFrame } from '../../components/chart-frame.tsx';
import { ColumnChooser } from '../../components/column-chooser.tsx';
import { type Brushes, isInside, placeAxis } from '../../components/parallel-axes.ts';
import { ParallelCoordinates } from '../../components/parallel-coordinates.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { goodnessAlong, type RunAxis, runAxes, usualAxes } from './compare-axes.ts';
import { CompareScatter } from './compare-scatter.tsx';
import { RelationTable } from './relation-table.tsx';
import classes from './relations.module.css';
import shared from './runs.module.css';
import { metricLabel } from './verdict.ts';

export interface CompareRelationsProps {
  readonly runs: readonly Run[];
  /** Compares only these. */
  readonly onKeep: (ids: readonly string[]) => void;
}

/** How parameters and metrics of the runs go together. */
export function CompareRelations({ runs, onKeep }: CompareRelationsProps) {
  const { t } = useTranslation();
  const axes = useMemo(
    () => runAxes(runs).map((axis) => ({ ...axis, label: metricLabel(axis.label) })),
    [runs],
  );
  if (runs.length < 2 || axes.length === 0)
    return <p className={shared.nothing}>{t('runs.noDifferences')}</p>;
  return <Relations runs={runs} axes={axes} onKeep={onKeep} />;
}

interface RelationsProps extends CompareRelationsProps {
  readonly axes: readonly RunAxis[];
}

function Relations({ runs, axes, onKeep }: RelationsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(usualAxes(axes)));
  const [brushes, setBrushes] = useState<Brushes>({});
  const judged = axes.filter(({ better }) => better !== null);
  const [judgedBy, setJudgedBy] = useState<string | null>(judged[0]?.key ?? null);
  const judge = axes.find(({ key }) => key === judgedBy);
  const goodness = useMemo(
    () => (judge === undefined ? runs.map(() => null) : goodnessAlong(judge)),
    [judge, runs],
  );
  const shownAxes = useMemo(() => axes.filter(({ key }) => chosen.has(key)), [axes, chosen]);
  const inside = useMemo(() => {
    const placed = axes.map((axis) => placeAxis(axis, String));
    return runs.map((_run, line) => isInside(placed, brushes, line));
  }, [axes, runs, brushes]);
  const kept = runs.filter((_run, line) => inside[line]);
  const brushed = Object.keys(brushes).length > 0;
  const group = (kind: RunAxis['kind'], title: string) => ({
    title,
    options: axes.filter((axis) => axis.kind === kind).map(({ key, label }) => ({ key, label })),
  });
  return (
    <div className={classes.relations}>
      <div className={classes.pair}>
        <Select
          label={t('runs.relations.judgedBy')}
          data={judged.map(({ key, label }) => ({ value: key, label }))}
          value={judgedBy}
          onChange={setJudgedBy}
        />
        <ColumnChooser
          label={t('runs.relations.axes')}
          groups={[group('param', t('runs.params')), group('metric', t('runs.metrics'))]}
          chosen={chosen}
          onChange={setChosen}
        />
      </div>
      <ChartFrame
        title={t('runs.relations.parallel')}
        summary={t('runs.relations.summary', { count: runs.length, axes: shownAxes.length })}
        fileName="runs"
        table={{
          columns: ['run', ...shownAxes.map(({ label }) => label)],
          rows: runs.map(({ name }, line) => [name, ...shownAxes.map(({ values }) => values[line] ?? null)]),
        }}
      >
        <ParallelCoordinates
          label={t('runs.relations.parallel')}
          axes={shownAxes}
          lines={runs.map(({ id, name }, line) => ({
            key: id,
            label: name,
            goodness: goodness[line] ?? null,
          }))}
          brushes={brushes}
          onBrush={setBrushes}
          onOpen={(id) => navigate(`/runs/${id}`)}
        />
      </ChartFrame>
      <div className={classes.note} role="status">
        <span>
          {brushed
            ? t('runs.relations.shown', { shown: format.integer(kept.length), count: runs.length })
            : t('runs.relations.brush')}
        </span>
        {brushed ? (
          <>
            <Button variant="default" onClick={() => setBrushes({})}>
              {t('runs.relations.letGo')}
            </Button>
            <Button
              variant="default"
              disabled={kept.length === 0 || kept.length === runs.length}
              onClick={() => {
                setBrushes({});
                onKeep(kept.map(({ id }) => id));
              }}
            >
              {t('runs.relations.keep')}
            </Button>
          </>
        ) : null}
      </div>
      <CompareScatter runs={runs} axes={axes} inside={inside} />
      <RelationTable runs={kept} axes={shownAxes} />
    </div>
  );
}
