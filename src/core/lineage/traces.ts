import type { LineageNode, ModelVersion, Run, TrainingSetReceipt } from '../../shared/contract/types.ts';
import { pushedViewOf, type ServiceInForce, type ViewInForce } from '../features/index.ts';
import { lineageNode, type Trace, TraceBuilder } from './lineage-graph.ts';

/** What the store records of how things came about. */
export interface LineageFacts {
  /** Of every dataset its newest version. */
  readonly datasets: readonly { readonly name: string; readonly version: number }[];
  readonly views: readonly ViewInForce[];
  readonly services: readonly ServiceInForce[];
  readonly receipts: readonly { readonly id: string; readonly receipt: TrainingSetReceipt }[];
  readonly runs: readonly Pick<Run, 'id' | 'name' | 'params' | 'data'>[];
  readonly models: readonly Pick<ModelVersion, 'name' | 'version' | 'lineage'>[];
}

/** One trace of the definitions in force, one per receipt, and one per run or model that no receipt speaks of. */
export function tracesOf(facts: LineageFacts): Trace[] {
  const modelsOf = Map.groupBy(facts.models, ({ lineage }) => lineage.run);
  const runs = new Map(facts.runs.map((run) => [run.id, run]));
  const proven = new Set(facts.receipts.map(({ receipt }) => receipt.run));
  return [
    inForce(facts),
    ...facts.receipts.map((kept) => receiptTrace(kept, runs, modelsOf)),
    ...facts.runs.filter(({ id }) => !proven.has(id)).map((run) => runTrace(run, modelsOf.get(run.id) ?? [])),
    ...facts.models
      .filter(({ lineage }) => lineage.run === null || !runs.has(lineage.run))
      .map((model) => modelTrace(model)),
  ];
}

type RunFacts = LineageFacts['runs'][number];
type ModelFacts = LineageFacts['models'][number];

const runNode = ({ id, name }: RunFacts): LineageNode => lineageNode('run', id, null, name);
const modelNode = ({ name, version }: ModelFacts): LineageNode => lineageNode('model', name, version);

function inForce({ datasets, views, services }: LineageFacts): Trace {
  const builder = new TraceBuilder();
  const newest = new Map(datasets.map(({ name, version }) => [name, version]));
  for (const { name, version } of datasets) builder.node(lineageNode('dataset', name, version));
  const viewNode = ({ name, version, dataset, base }: ViewInForce): LineageNode => {
    const node = lineageNode('view', name, version);
    const data = dataset === null ? undefined : newest.get(dataset);
    if (data !== undefined) builder.edge(lineageNode('dataset', dataset!, data), node);
    if (base !== null) builder.edge(viewNode(base), node);
    builder.node(node);
    return node;
  };
  for (const view of views) viewNode(view);
  for (const service of services) {
    for (const view of service.views) {
      builder.edge(viewNode(view), lineageNode('service', service.name, service.version));
    }
  }
  return builder.trace;
}

function receiptTrace(
  { id, receipt }: LineageFacts['receipts'][number],
  runs: ReadonlyMap<string, RunFacts>,
  modelsOf: ReadonlyMap<string | null, readonly ModelFacts[]>,
): Trace {
  const builder = new TraceBuilder();
  const { query, definitions, data, spine } = receipt;
  const set = lineageNode('training-set', id, null, query.service ?? query.features?.join(', ') ?? null);
  builder.node(set);
  const service = definitions.find(({ kind }) => kind === 'FeatureService');
  const target = service === undefined ? set : lineageNode('service', service.name, service.version);
  if (target !== set) builder.edge(target, set);
  const views = new Map(
    definitions
      .filter(({ kind }) => kind === 'FeatureView')
      .map((view) => [view.reference, lineageNode('view', view.name, view.version)]),
  );
  const read = new Set<string>();
  for (const { through, name, version } of data) {
    const way = through.map((reference) => views.get(reference)!);
    // Pushed rows are the view's own: there is no dataset before it.
    if (pushedViewOf(name) === null) builder.edge(lineageNode('dataset', name, version), way.at(-1)!);
    builder.edge(way[0]!, target);
    for (const [place, view] of way.slice(1).entries()) builder.edge(view, way[place]!);
    for (const reference of through) read.add(reference);
  }
  // What is computed from requests reads no data.
  for (const [reference, view] of views) if (!read.has(reference)) builder.edge(view, target);
  if (spine.source.kind === 'dataset') {
    builder.edge(lineageNode('dataset', spine.source.name, spine.source.version), set);
  }
  const run = receipt.run === null ? undefined : runs.get(receipt.run);
  if (run !== undefined) {
    builder.edge(set, runNode(run));
    for (const model of modelsOf.get(run.id) ?? []) builder.edge(runNode(run), modelNode(model));
  }
  return builder.trace;
}

/** Of a run without a receipt only its data, and the service's name, are known. */
function runTrace(run: RunFacts, models: readonly ModelFacts[]): Trace {
  const builder = new TraceBuilder().node(runNode(run));
  for (const { name, version } of run.data) builder.edge(lineageNode('dataset', name, version), runNode(run));
  const service = run.params['service'];
  if (service !== undefined) builder.edge(lineageNode('service', service), runNode(run));
  for (const model of models) builder.edge(runNode(run), modelNode(model));
  return builder.trace;
}

function modelTrace(model: ModelFacts): Trace {
  const builder = new TraceBuilder().node(modelNode(model));
  const { datasets, service } = model.lineage;
  for (const { name, version } of datasets)
    builder.edge(lineageNode('dataset', name, version), modelNode(model));
  if (service !== null) builder.edge(lineageNode('service', service), modelNode(model));
  return builder.trace;
}
