import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './support/fixtures.ts';
import { call } from './support/page-calls.ts';

test.describe('the page', () => {
  test('runs no inline script and no made-up code', async ({ sharedShell: { page } }) => {
    const result = await page.evaluate(async () => {
      const violated = new Promise<string>((done) => {
        document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), {
          once: true,
        });
      });
      const script = document.createElement('script');
      script.textContent = 'globalThis.ranInline = true';
      document.body.append(script);
      const directive = await violated;
      script.remove();
      // In a later turn: an evaluation by the test's own tools is exempt from the policy while it runs.
      const evaluated = await new Promise<string>((done) => {
        setTimeout(() => {
          try {
            new Function('return 1')();
            done('ran');
          } catch (error) {
            done((error as Error).name);
          }
        }, 0);
      });
      return { directive, evaluated, inline: 'ranInline' in globalThis };
    });
    expect(result).toEqual({ directive: 'script-src-elem', evaluated: 'EvalError', inline: false });
  });

  test('gets a fresh nonce with every load, and styles without it are refused', async ({
    sharedShell: { page },
  }) => {
    const policies = await page.evaluate(async () => {
      const answers = await Promise.all([fetch('/'), fetch('/')]);
      return answers.map((answer) => answer.headers.get('content-security-policy') ?? '');
    });
    const nonces = policies.map((policy) => /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1]);
    expect(nonces[0]).toBeTruthy();
    expect(nonces[0]).not.toBe(nonces[1]);
    const color = await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'html { outline: 3px solid rgb(1, 2, 3) !important }';
      document.head.append(style);
      const { outlineColor } = getComputedStyle(document.documentElement);
      style.remove();
      return outlineColor;
    });
    expect(color).not.toBe('rgb(1, 2, 3)');
  });

  test('reaches no other host', async ({ sharedShell: { page } }) => {
    const outcomes = await page.evaluate(async () => {
      const attempt = async (work: () => Promise<unknown>): Promise<string> => {
        try {
          await work();
          return 'reached';
        } catch {
          return 'refused';
        }
      };
      const image = (source: string) =>
        new Promise((done, fail) => {
          const element = new Image();
          element.onload = done;
          element.onerror = fail;
          element.src = source;
        });
      const socket = () =>
        new Promise((done, fail) => {
          const connection = new WebSocket('ws://127.0.0.1:9/');
          connection.onopen = done;
          connection.onerror = fail;
        });
      return Promise.all([
        attempt(() => fetch('https://example.com/')),
        attempt(() => fetch('http://127.0.0.1:9/', { mode: 'no-cors' })),
        attempt(() => fetch('app://evil/')),
        attempt(() => fetch('file:///etc/passwd')),
        attempt(() => image('https://example.com/x.png')),
        attempt(socket),
      ]);
    });
    expect(outcomes).toEqual(Array(6).fill('refused'));
  });

  test('is served nothing outside the screens’ folder', async ({ sharedShell: { page } }) => {
    const paths = [
      '/..%2f..%2f..%2fetc%2fpasswd',
      '/..%5c..%5cpackage.json',
      '/%2e%2e/package.json',
      '/%252e%252e/package.json',
      '/../package.json',
      '/%00',
      '/%zz',
      '/assets/..%2f..%2felectron%2fmain.cjs',
      '/rpc/..%2fattach',
      '/rpc/%2e%2e/attach',
      '/rpc/../attach',
      '/attach',
    ];
    const statuses = await page.evaluate(
      (all) => Promise.all(all.map(async (path) => (await fetch(path)).status)),
      paths,
    );
    expect(Object.fromEntries(paths.map((path, index) => [path, statuses[index]]))).toEqual(
      Object.fromEntries(paths.map((path) => [path, 404])),
    );
    const posted = await page.evaluate(async () => (await fetch('/index.html', { method: 'POST' })).status);
    expect(posted).toBe(405);
  });

  test('opens no second window', async ({ sharedShell: { app, page } }) => {
    const addresses = [
      'about:blank',
      'app://falaj/',
      'https://example.com/',
      'file:///etc/passwd',
      'javascript:1',
    ];
    const opened = await page.evaluate((all) => all.map((address) => window.open(address)), addresses);
    expect(opened).toEqual(addresses.map(() => null));
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('cannot be led away', async ({ shell: { page } }) => {
    const before = page.url();
    await page.evaluate(() => Object.assign(globalThis, { stillHere: true }));
    const corpus = [
      'https://example.com/',
      'https://example.com/?next=app://falaj/',
      'app://falaj.evil/',
      'app://falaj@evil/',
      'app://evil/',
      'file:///etc/passwd',
      'data:text/html,<p>elsewhere',
      'javascript:void(document.title="taken")',
      'chrome://gpu',
      'mailto:a@b.example',
    ];
    for (const address of corpus) {
      await page.evaluate(async (target) => {
        const link = document.createElement('a');
        link.href = target;
        document.body.append(link);
        link.click();
        link.remove();
        const frame = document.createElement('iframe');
        frame.src = target;
        document.body.append(frame);
        const form = document.createElement('form');
        form.action = target;
        document.body.append(form);
        form.submit();
        location.assign(target);
        await new Promise((done) => setTimeout(done, 60));
        frame.remove();
        form.remove();
      }, address);
      expect(page.url(), address).toBe(before);
    }
    expect(await page.evaluate(() => 'stillHere' in globalThis)).toBe(true);
    expect(await page.title()).not.toBe('taken');
  });

  test('is granted nothing but writing to the clipboard and telling of ended work', async ({
    sharedShell: { page },
  }) => {
    const states = await page.evaluate(async () => {
      const names = [
        'geolocation',
        'camera',
        'microphone',
        'clipboard-read',
        'midi',
        'persistent-storage',
        'idle-detection',
      ];
      const state = async (name: string) =>
        (await navigator.permissions.query({ name: name as PermissionName })).state;
      const refused = async (work: () => Promise<unknown>): Promise<boolean> =>
        work().then(
          () => false,
          () => true,
        );
      const devices = navigator as unknown as Record<
        string,
        { getDevices?(): Promise<unknown[]>; getPorts?(): Promise<unknown[]> } | undefined
      >;
      const reachable = async (kind: string): Promise<number> => {
        try {
          const api = devices[kind];
          return ((await (api?.getDevices?.() ?? api?.getPorts?.())) ?? []).length;
        } catch {
          return 0; // the page's policy forbids even to ask
        }
      };
      return {
        states: await Promise.all(names.map(state)),
        camera: await refused(() => navigator.mediaDevices.getUserMedia({ video: true, audio: true })),
        screen: await refused(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
        place: await refused(
          () => new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail)),
        ),
        clipboard: await refused(() => navigator.clipboard.readText()),
        notification: await Notification.requestPermission(),
        devices: await Promise.all(['usb', 'hid', 'serial'].map(reachable)),
      };
    });
    expect(states).toEqual({
      states: Array(7).fill('denied'),
      camera: true,
      screen: true,
      place: true,
      clipboard: true,
      notification: 'granted',
      devices: [0, 0, 0],
    });
  });

  test('may copy a text', async ({ sharedShell: { app, page } }) => {
    await page.evaluate(() => window.focus());
    await page.evaluate(() => navigator.clipboard.writeText('falaj data ls'));
    expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('falaj data ls');
  });

  test('never holds the engine’s token', async ({ sharedShell: { app, page, engine } }) => {
    await call(page, 'workspace/status');
    const { token } = engine();
    expect(token.length).toBeGreaterThanOrEqual(32);
    const everything = await page.evaluate(async () => {
      const seen = new Set<unknown>();
      const texts: string[] = [];
      const collect = (value: unknown, depth: number): void => {
        if (typeof value === 'string') texts.push(value);
        if (
          typeof value !== 'object' ||
          value === null ||
          depth > 3 ||
          seen.has(value) ||
          value instanceof Node
        )
          return;
        seen.add(value);
        for (const key of Reflect.ownKeys(value)) {
          const property = Object.getOwnPropertyDescriptor(value, key);
          if (property !== undefined && 'value' in property) collect(property.value, depth + 1);
        }
      };
      collect(globalThis, 0);
      const answer = await fetch('/rpc/workspace/status', { method: 'POST' });
      return [
        document.documentElement.outerHTML,
        document.cookie,
        JSON.stringify({ ...localStorage }),
        JSON.stringify({ ...sessionStorage }),
        JSON.stringify(performance.getEntries()),
        JSON.stringify([...answer.headers]),
        await answer.text(),
        ...texts,
      ].join('\n');
    });
    expect(everything.length).toBeGreaterThan(500);
    expect(everything.includes(token)).toBe(false);
    const cookies = await app.evaluate(({ session }) =>
      session.fromPartition('persist:falaj').cookies.get({}),
    );
    expect(cookies).toEqual([]);
  });

  test('cannot pass a token of its own', async ({ sharedShell: { page } }) => {
    const status = await page.evaluate(
      async () =>
        (
          await fetch('/rpc/workspace/status', {
            method: 'POST',
            headers: { authorization: 'Bearer forged' },
          })
        ).status,
    );
    expect(status).toBe(200); // the shell's own token went, not this one
  });
});

test('the shell answers only the top frame of its own page', async ({ sharedShell: { app } }) => {
  const outcomes = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
    type Handler = (event: unknown, request?: unknown) => Promise<unknown>;
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    const own = BrowserWindow.getAllWindows()[0]!.webContents.id;
    const frame = { parent: null, origin: 'app://falaj' };
    const events = [
      { sender: { id: own + 1_000 }, senderFrame: frame },
      { sender: { id: own }, senderFrame: null },
      { sender: { id: own }, senderFrame: { ...frame, parent: frame } },
      { sender: { id: own }, senderFrame: { ...frame, origin: 'app://falaj.evil' } },
      { sender: { id: own }, senderFrame: { ...frame, origin: 'null' } },
    ];
    const outcome = async (handler: Handler, event: unknown): Promise<string> => {
      try {
        await handler(event, {});
        return 'answered';
      } catch (error) {
        return String((error as { code?: string }).code);
      }
    };
    const tried = [...handlers].flatMap(([channel, handler]) =>
      events.map(async (event) => [channel, await outcome(handler, event)] as const),
    );
    return Promise.all(tried);
  });
  expect([...new Set(outcomes.map(([channel]) => channel))].sort()).toEqual([
    'falaj:open-file-dialog',
    'falaj:save-file-dialog',
    'falaj:set-appearance',
  ]);
  expect([...new Set(outcomes.map(([, outcome]) => outcome))]).toEqual(['FORBIDDEN']);
});

test.describe('a foreign page', () => {
  let server: Server;
  let address: string;
  let asked = 0;

  test.beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response
        .writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' })
        .end('<p>elsewhere</p>');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  test.afterAll(() => {
    server.close();
  });

  for (const foreign of ['http', 'data'] as const) {
    test(`cannot be shown in the session that has the door (${foreign})`, async ({
      sharedShell: { app },
    }) => {
      const target = foreign === 'http' ? address : 'data:text/html,<p id="elsewhere">elsewhere';
      const outcome = await app.evaluate(async ({ BrowserWindow, session }, url) => {
        const window = new BrowserWindow({
          show: false,
          webPreferences: { session: session.fromPartition('persist:falaj'), sandbox: true },
        });
        const loaded = await window.loadURL(url).then(
          () => 'loaded',
          (error: Error) => error.message,
        );
        const answer = await window.webContents
          .executeJavaScript(
            "fetch('app://falaj/rpc/workspace/status', { method: 'POST' }).then((r) => r.text())",
          )
          .catch(() => 'refused');
        const shown = window.webContents.getURL();
        window.destroy();
        return { loaded, answer: String(answer), shown };
      }, target);
      expect(outcome.loaded).not.toBe('loaded');
      expect(outcome.answer).toBe('refused');
      expect(asked).toBe(0);
    });
  }

  test('cannot reach the engine from another session', async ({ sharedShell: { app } }) => {
    const answers = await app.evaluate(async ({ BrowserWindow, session }) => {
      const window = new BrowserWindow({
        show: false,
        webPreferences: { session: session.fromPartition('elsewhere'), sandbox: true },
      });
      await window.loadURL('data:text/html,<p>elsewhere');
      const tried = ['', ", { mode: 'no-cors' }"].map((mode) =>
        window.webContents.executeJavaScript(
          `fetch('app://falaj/rpc/workspace/status'${mode}).then((r) => r.text()).catch(() => 'refused')`,
        ),
      );
      const texts: unknown[] = await Promise.all(tried);
      window.destroy();
      return texts.map(String);
    });
    expect(answers).toEqual(['refused', 'refused']);
  });
});
