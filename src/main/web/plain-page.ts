import type { ServerResponse } from 'node:http';
import { newNonce, protectiveHeaders } from './content-security-policy.ts';

/** A small page for a person when the screens cannot be shown. `text` is our own HTML, never a caller's. */
export function plainPage(response: ServerResponse, status: number, title: string, text: string): void {
  const nonce = newNonce();
  const style =
    'body{font:16px/1.5 system-ui,sans-serif;max-inline-size:34rem;margin:15vh auto;padding:0 1.5rem;color:#1f2933;background:#f7f8f9}' +
    'code{background:#e6e9ec;border-radius:4px;padding:.1em .35em}' +
    '@media(prefers-color-scheme:dark){body{color:#e6e9ec;background:#14181c}code{background:#2a3138}}';
  response
    .writeHead(status, {
      ...protectiveHeaders(nonce),
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
    .end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · Falaj</title>` +
        `<style nonce="${nonce}">${style}</style></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
    );
}
