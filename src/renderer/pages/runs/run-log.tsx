import type { Run } from '../../../shared/contract/types.ts';
import { JobLog } from '../jobs/job-log.tsx';

/** The job that carried a run out here; null for runs that came from elsewhere, whatever their tags say. */
export function jobOfRun({ tags }: Run): string | null {
  const isOurs = tags['training'] !== undefined || tags['falaj.script'] === 'true';
  return isOurs ? (tags['job'] ?? null) : null;
}

/** What the run's job said, live while it goes on. */
export function RunLog({ run }: { readonly run: Run }) {
  const job = jobOfRun(run);
  return job === null ? null : <JobLog job={job} />;
}
