import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveScreens } from './screens.ts';

let root: string;
const get = (pathname: string, accept = '*/*'): Promise<Response> =>
  serveScreens(path.join(root, 'renderer'), new Request(`app://falaj${pathname}`, { headers: { accept } }));

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'falaj-screens-'));
  for (const folder of ['renderer/assets', 'renderer-other'])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, 'renderer/index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  writeFileSync(path.join(root, 'renderer/assets/main-0123abcd.js'), 'export {};');
  writeFileSync(path.join(root, 'renderer-other/secret.js'), 'no');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the screens of the window', () => {
  it('come with a policy whose nonce is new for each page', async () => {
    const pages = await Promise.all([get('/'), get('/')]);
    const nonces = await Promise.all(
      pages.map(async (page) => /content="([^"]+)"/.exec(await page.text())![1]!),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
    const policy = pages[0]!.headers.get('content-security-policy')!;
    expect(policy).toContain(`style-src 'self' 'nonce-${nonces[0]}'`);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
  });

  it('are files with their own type, and nothing guessed', async () => {
    const script = await get('/assets/main-0123abcd.js');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(script.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answer a route with the page only when a page is wanted', async () => {
    expect((await get('/runs/7', 'text/html,*/*')).status).toBe(200);
    expect((await get('/runs/7')).status).toBe(404);
    expect((await get('/assets/absent-01234567.js', 'text/html')).status).toBe(404);
  });

  it.each([
    '/..%2frenderer-other%2fsecret.js',
    '/%2e%2e%2frenderer-other/secret.js',
    '/..%5crenderer-other',
    '/%00',
    '/%zz',
    '/%252e%252e/secret.js',
  ])('stay inside their folder: %s', async (pathname) => {
    expect((await get(pathname)).status).toBe(404);
  });
});
