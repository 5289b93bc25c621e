import type { FolderMetadata, KeptFile } from '../../core/registry/index.ts';
import { MLMODEL_FILE, MLMODEL_LIMIT_BYTES, parseMlmodel } from '../../core/registry/index.ts';
import type { ArtifactOwner } from '../../core/tracking/index.ts';
import { FalajError } from '../../shared/errors.ts';
import { isLoadMetric } from '../../shared/load-metric.ts';
import { placeOf } from './artifact-place.ts';
import type { MlflowRooms } from './call.ts';

type Tracking = MlflowRooms['tracking'];

/** What a version is made from: files of a run or logged model, or another version. */
export type ModelSource =
  | { readonly kind: 'version'; readonly name: string; readonly version: number }
  | { readonly kind: 'folder'; readonly owner: ArtifactOwner; readonly folder: string };

const FILE_LIMIT = 10_000;
const METRIC_LIMIT = 200;

/** Reads a client's `source`. Throws BAD_INPUT for what does not lie in this workspace. */
export function parseModelSource(tracking: Tracking, source: string): ModelSource {
  const trimmed = source.replace(/\/+$/, '');
  const ofVersion = /^models:\/([^/@]+)\/(\d{1,9})$/.exec(trimmed);
  if (ofVersion !== null) return { kind: 'version', name: ofVersion[1]!, version: Number(ofVersion[2]) };
  const ofModel = /^models:\/(m-[^/]+)$/.exec(trimmed);
  if (ofModel !== null) {
    const { id } = tracking.models.get(ofModel[1]!);
    return { kind: 'folder', owner: { kind: 'model', id }, folder: '' };
  }
  const ofRun = /^runs:\/([^/]+)(?:\/(.+))?$/.exec(trimmed);
  if (ofRun !== null) {
    const { id } = tracking.clients.get(ofRun[1]!);
    return { kind: 'folder', owner: { kind: 'run', id }, folder: ofRun[2] ?? '' };
  }
  const ofProxy = /^mlflow-artifacts:\/(?!\/)(.+)$/.exec(trimmed);
  if (ofProxy !== null) {
    const place = placeOf(tracking, ofProxy[1]!);
    if (place.kind === 'artifacts') return { kind: 'folder', owner: place.owner, folder: place.path };
    if (place.path === '') return { kind: 'version', name: place.name, version: place.version };
  }
  throw new FalajError('BAD_INPUT', `source: a version cannot be made from ${JSON.stringify(source)}.`, {
    hint: 'Its files must lie in this workspace: runs:/RUN/PATH, models:/m-ID, models:/NAME/VERSION or mlflow-artifacts:/….',
    details: { field: 'source' },
  });
}

/** The run that a folder comes from. */
export const runOf = (tracking: Tracking, owner: ArtifactOwner): string | null =>
  owner.kind === 'run' ? owner.id : tracking.models.get(owner.id).runId;

/** A client that names another run is refused: lineage is not what anyone says. */
export function requireRun(claimed: string, run: string | null): void {
  if (claimed === '' || claimed === run) return;
  throw new FalajError('BAD_INPUT', `run_id: the source is not of run ${claimed}.`, {
    hint: run === null ? 'It is of no run.' : `It is of run ${run}.`,
    details: { field: 'run_id' },
  });
}

/** The files of a folder, which must have some. */
export function filesOf(
  tracking: Tracking,
  { owner, folder }: Extract<ModelSource, { kind: 'folder' }>,
): KeptFile[] {
  const files = tracking.files.below(owner, folder);
  if (files.length === 0)
    throw new FalajError(
      'BAD_INPUT',
      `source: there are no files in ${folder || 'the folder'} of ${owner.kind} ${owner.id}.`,
      {
        hint: 'A single file, and artifacts of an experiment that keeps them elsewhere, cannot be registered here.',
        details: { field: 'source' },
      },
    );
  if (files.length > FILE_LIMIT)
    throw new FalajError(
      'TOO_LARGE',
      `source: a version has at most ${FILE_LIMIT} files, not ${files.length}.`,
    );
  return files;
}

/** What the folder's MLmodel file says, and what its model or run had measured. */
export async function describeFolder(
  tracking: Tracking,
  { owner, folder }: Extract<ModelSource, { kind: 'folder' }>,
  files: readonly KeptFile[],
): Promise<FolderMetadata> {
  const mlmodel = files.find(({ path }) => path === MLMODEL_FILE);
  if (mlmodel !== undefined && mlmodel.sizeBytes > MLMODEL_LIMIT_BYTES)
    throw new FalajError(
      'TOO_LARGE',
      `The file ${MLMODEL_FILE} is larger than ${MLMODEL_LIMIT_BYTES} bytes.`,
    );
  const said =
    mlmodel === undefined
      ? { framework: 'files', flavors: [], inputs: [], outputs: [] }
      : parseMlmodel(
          (
            await tracking.files.readAll(owner, folder === '' ? MLMODEL_FILE : `${folder}/${MLMODEL_FILE}`)
          ).toString('utf8'),
        );
  return { format: 'falaj-folder/1', ...said, metrics: metricsOf(tracking, owner) };
}

/** Those that name the logged model; where none does, those of the run but for the load of its machine. */
function metricsOf(tracking: Tracking, owner: ArtifactOwner): Record<string, number> {
  const model = owner.kind === 'model' ? tracking.models.get(owner.id) : null;
  const run = runOf(tracking, owner);
  const own = model?.metrics ?? [];
  const metrics = own.length > 0 || run === null ? own : tracking.clients.get(run).metrics;
  return Object.fromEntries(
    metrics
      .filter(({ metric, value }) => Number.isFinite(value) && !isLoadMetric(metric))
      .slice(0, METRIC_LIMIT)
      .map(({ metric, value }) => [metric, value]),
  );
}
