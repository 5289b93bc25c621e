import { FalajError } from '../../shared/errors.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * Keeps what must not be lost as soon as the disk takes it. A full disk is waited for, however long: people make room once they
 * see why nothing goes on.
 *
 * @param onFull told before each wait, with what the disk said.
 * @param signal gives it up: what the disk said is thrown.
 */
export async function untilKept(
  keep: () => void,
  { onFull, signal }: { readonly onFull: (error: FalajError) => void; readonly signal: AbortSignal },
): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      keep();
      return;
    } catch (error) {
      if (!(error instanceof FalajError) || error.code !== 'DISK_FULL' || signal.aborted) throw error;
      onFull(error);
      await pause(waitMs, signal);
    }
  }
}

/** Shorter when it is given up. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
