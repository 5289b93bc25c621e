export {
  type ArtifactEntry,
  ArtifactFiles,
  type ArtifactOwner,
  folderEntries,
  isArtifactPath,
  requireArtifactPath,
} from './artifact-files.ts';
export type { ClientRun, DatasetInput, LoggedMetric, RunBatch, RunModel } from './client-run.ts';
export type { ClientRuns } from './client-runs.ts';
export type { ExperimentTable, KeptExperiment, Page, SearchInput } from './experiment-table.ts';
export type { Lifecycle, View } from './lifecycle.ts';
export type { LoggedModel, LoggedModelStatus, LoggedModels } from './logged-models.ts';
export type { StoredPoint } from './metrics/metric-block.ts';
export { trackingMigrations } from './migrations.ts';
export type { RunFacts, RunHandle } from './run-recorder.ts';
export { compileFilter, compileOrder, type SearchSubject } from './search/compile-search.ts';
export { pageOffset, pageToken } from './search/page-token.ts';
export { trackingJobs } from './tracking-jobs.ts';
export { type StartRun, type TrackingOptions, TrackingRoom } from './tracking-room.ts';
