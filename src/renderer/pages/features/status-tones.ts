import type { OnlineState, OnlineStatus } from '../../../shared/contract/types.ts';
import type { Tone } from '../../components/status-badge.tsx';

/** How the statuses of looked-up features are coloured, online and in the past alike. */
export const STATUS_TONES: Readonly<Record<OnlineStatus, Tone>> = {
  PRESENT: 'good',
  NULL: 'unknown',
  EXPIRED: 'attention',
  NOT_FOUND: 'bad',
};

export const ONLINE_TONES: Readonly<Record<OnlineState['status'], Tone>> = {
  empty: 'unknown',
  ready: 'good',
  stale: 'attention',
};
