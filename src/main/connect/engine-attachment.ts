import http from 'node:http';
import type { EngineFile } from './engine-file.ts';

export interface Attachment {
  /** Lets the engine go: it may end once no host is attached and no work runs. */
  close(): void;
}

const ANSWER_WITHIN_MS = 5_000;

/**
 * Holds one request open on the engine's socket. Its end tells this host at once that the engine died, and the engine that
 * this host left; it also counts the hosts for the idle exit. Null when nobody answers there (or it is not our engine).
 */
export function attach(
  file: Pick<EngineFile, 'socketPath' | 'token'>,
  onGone: () => void,
): Promise<Attachment | null> {
  return new Promise((resolve) => {
    let left = false;
    const request = http.get({
      socketPath: file.socketPath,
      path: '/attach',
      agent: false,
      headers: { authorization: `Bearer ${file.token}`, host: 'engine' },
    });
    const tooSlow = setTimeout(() => request.destroy(new Error('no answer')), ANSWER_WITHIN_MS);
    request.on('error', () => {
      clearTimeout(tooSlow);
      resolve(null);
    });
    request.on('response', (response) => {
      clearTimeout(tooSlow);
      if (response.statusCode !== 200) {
        response.resume();
        resolve(null);
        return;
      }
      const close = (): void => {
        left = true;
        request.destroy();
      };
      response.on('error', () => response.destroy()); // a reset is the same news as an end
      response.on('close', () => {
        if (!left) onGone();
      });
      response.resume();
      resolve({ close });
    });
  });
}
