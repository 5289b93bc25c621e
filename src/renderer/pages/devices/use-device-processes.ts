import { useEffect } from 'react';
import type { DeviceProcesses } from '../../../shared/contract/types.ts';
import { useQuery } from '../../engine/use-query.ts';

const EVERY_MS = 3_000;

/** Who uses the devices, asked again and again while the page is seen, and by nobody else. */
export function useDeviceProcesses(isWanted: boolean): DeviceProcesses | undefined {
  const { data, refresh } = useQuery('devices', 'processes', undefined, { enabled: isWanted });
  useEffect(() => {
    if (!isWanted) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [isWanted, refresh]);
  return data;
}
