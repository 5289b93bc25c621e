import type { Page } from '@playwright/test';

/** One contract call as the page makes it: status and decoded body. */
export const call = (
  page: Page,
  procedure: string,
  input?: unknown,
): Promise<{ status: number; output: unknown }> =>
  page.evaluate(
    async ([path, body]) => {
      const init: RequestInit = { method: 'POST' };
      if (body !== null) {
        init.headers = { 'content-type': 'application/json' };
        init.body = body;
      }
      const answer = await fetch(`/rpc/${path}`, init);
      const decoded = (await answer.json()) as { json: unknown };
      return { status: answer.status, output: decoded.json };
    },
    [procedure, input === undefined ? null : JSON.stringify({ json: input })] as const,
  );

/** Opens `count` live streams in the page and waits for the first event of each; they stay until `stopStreams`. */
export const startStreams = (page: Page, count: number): Promise<string[]> =>
  page.evaluate(async (wanted) => {
    const stop = new AbortController();
    Object.assign(globalThis, { stopStreams: stop });
    return Promise.all(
      Array.from({ length: wanted }, async () => {
        const answer = await fetch('/rpc/live/follow', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ json: { topics: [{ topic: 'changes' }] } }),
          signal: stop.signal,
        });
        const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
        for (let text = ''; ; ) {
          const { value, done } = await reader.read();
          text += value ?? '';
          if (done || text.includes('data:')) return text;
        }
      }),
    );
  }, count);

export const stopStreams = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as unknown as { stopStreams: AbortController }).stopStreams.abort());
