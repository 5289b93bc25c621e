import type { WorkspaceStatus } from '../../../shared/contract/types.ts';
export function FirstStartPage({
  status,
}: {
  readonly status: WorkspaceStatus;
  readonly onStarted: () => void;
  readonly onDone: () => void;
}) {
  return <p>{status.workspace}</p>;
}
