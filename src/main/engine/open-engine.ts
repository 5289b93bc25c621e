import type { TokenGrant } from '../../core/access/index.ts';
import { Engine } from '../../core/workspace/index.ts';
import type { WorkspaceStatus } from '../../shared/contract/types.ts';
import type { MlflowRooms } from '../mlflow/call.ts';
import type { RoutedEngine } from '../router/index.ts';
import type { ArrowEngine } from './arrow-routes.ts';
import { resourcesFolder } from './resources-folder.ts';

/** An engine as its host sees it. */
export interface HostedEngine extends RoutedEngine, ArrowEngine {
  readonly rooms: RoutedEngine['rooms'] &
    ArrowEngine['rooms'] &
    MlflowRooms & {
      /** What a presented token opens; null for none. */
      readonly tokens: { grantOf(presented: string): TokenGrant | null };
    };
  readonly state: WorkspaceStatus['state'];
  /** Work runs or waits. */
  readonly busy: boolean;
  /** Tells under which process and address the engine is reached. */
  setDoor(door: WorkspaceStatus['engine']): void;
  /** Tells how programs that the engine starts reach the tracking server. */
  setTrackingDoor(open: () => Promise<{ readonly url: string; release(): Promise<void> }>): void;
  /** Cancels what runs, locks, and lets the workspace go. */
  close(): Promise<void>;
}

/** The engine of a workspace's folder, in this process. Nothing on disk is touched before it is unlocked or made. */
export const openEngine = (workspace: string, options: { takesUpWork?: boolean } = {}): HostedEngine =>
  new Engine({ folder: workspace, resources: resourcesFolder(), ...options });
