import { type DeviceRecord, onCpu } from '../learning-device.ts';
import type { EarlierTrials } from './earlier-trials.ts';
import { millisecondsLeft, type TuneRequest } from './tune-request.ts';

/**
 * The device that all networks of a search learn on, decided once: that of an earlier attempt, whose trials count, or else the one
 * that suits the network of the definition. Null for learners that have no choice.
 */
export async function searchDevice(
  request: TuneRequest,
  earlier: Pick<EarlierTrials, 'device'>,
): Promise<DeviceRecord | null> {
  const { fitter, learn, context } = request;
  if (earlier.device !== null) return earlier.device;
  const tooLate = AbortSignal.timeout(millisecondsLeft(request));
  try {
    return await fitter.choose(learn, AbortSignal.any([context.signal, tooLate]));
  } catch (error) {
    if (!tooLate.aborted || context.signal.aborted) throw error;
    return onCpu('The time of the search was over before a GPU had been compared.');
  }
}
