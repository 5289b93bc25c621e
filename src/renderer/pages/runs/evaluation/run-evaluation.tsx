import { IconChartDots3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Evaluation, Run } from '../../../../shared/contract/types.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Loaded } from '../../../components/loaded.tsx';
import { useQuery } from '../../../engine/use-query.ts';
import charts from '../charts.module.css';
import { BinaryCharts } from './binary-charts.tsx';
import { ClassCharts } from './class-charts.tsx';
import { ClassShapley } from './class-shapley.tsx';
import { ConfusionChart } from './confusion-chart.tsx';
import { FiguresTable } from './figures-table.tsx';
import { ImportanceChart } from './importance-chart.tsx';
import { ResidualCharts } from './residual-charts.tsx';
import { ShapleyChart } from './shapley-chart.tsx';
import { SlicesTable } from './slices-table.tsx';

export function RunEvaluation({ run }: { readonly run: Run }) {
  const query = useQuery('runs', 'evaluation', { id: run.id });
  return (
    <Loaded query={query}>
      {(evaluation) =>
        evaluation === null ? <NoEvaluation run={run} /> : <Charts run={run} evaluation={evaluation} />
      }
    </Loaded>
  );
}

/** Trainings of the app measure themselves when they finish; programs send figures of their own. */
function NoEvaluation({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const waits = run.status === 'running' || run.status === 'scheduled';
  return (
    <EmptyState
      icon={IconChartDots3}
      title={t(waits ? 'runs.evaluation.notYet' : 'runs.evaluation.none')}
      text={t(waits ? 'runs.evaluation.notYetText' : 'runs.evaluation.noneText')}
      command={`falaj runs show ${run.id}`}
    />
  );
}

function Charts({ run, evaluation }: { readonly run: Run; readonly evaluation: Evaluation }) {
  const {
    confusion,
    classes,
    residuals,
    slices = [],
    shapley = [],
    shapleyClasses = [],
    importance,
  } = evaluation;
  return (
    <div className={charts.charts}>
      <FiguresTable run={run} evaluation={evaluation} />
      <BinaryCharts run={run} evaluation={evaluation} />
      {confusion === undefined ? null : <ConfusionChart confusion={confusion} />}
      {classes === undefined ? null : <ClassCharts list={classes} />}
      {residuals === undefined ? null : <ResidualCharts residuals={residuals} />}
      {importance.length === 0 ? null : <ImportanceChart importance={importance} />}
      {shapley.length === 0 ? null : <ShapleyChart features={shapley} base={evaluation.shapleyBase} />}
      {shapleyClasses.length === 0 ? null : <ClassShapley list={shapleyClasses} />}
      {slices.length === 0 ? null : <SlicesTable run={run} slices={slices} />}
    </div>
  );
}
