import type { RoutedEngine } from '../router/index.ts';

/** An engine as its host sees it. */
export interface HostedEngine extends RoutedEngine {
  /** Work runs or waits. */
  readonly busy: boolean;
  readonly state: string;
  /** Cancels what runs, locks, and lets the workspace go. */
  close(): Promise<void>;
}
