import type { WorkspaceStatus } from '../../../shared/contract/types.ts';
export function UnlockPage({
  status,
}: {
  readonly status: WorkspaceStatus;
  readonly onUnlocked: () => void;
}) {
  return <p>{status.workspace}</p>;
}
