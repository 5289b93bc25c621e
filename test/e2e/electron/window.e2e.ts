import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, need, test } from './support/fixtures.ts';
import { call, startStreams, stopStreams } from './support/page-calls.ts';
import { loadedNativeModules, openDescriptors, socketCount } from './support/processes.ts';
import { builtProduct, electronBinary } from './support/runtime.ts';

test.describe('the desktop window', () => {
  test('shows the screens from its own protocol', async ({ sharedShell: { app, page } }) => {
    expect(page.url()).toMatch(/^app:\/\/falaj\//);
    await expect(page).toHaveTitle(/Falaj/);
    await expect(page.locator('#root')).not.toBeEmpty();
    const shown = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.isVisible()),
    );
    expect(shown).toEqual([true]);
  });

  test('has every protection of a window switched on', async ({ sharedShell: { app } }) => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
    });
  });

  test('calls the engine through its own origin', async ({ sharedShell: { page, engine } }) => {
    const { status, output } = await call(page, 'workspace/status');
    expect(status).toBe(200);
    expect(output).toMatchObject({ engine: { pid: engine().pid } });
  });

  test('passes a stream on, and its end to the engine', async ({ sharedShell: { page, engine } }) => {
    const before = socketCount(engine().pid);
    const firstEvents = await startStreams(page, 8);
    for (const event of firstEvents) expect(event).toContain('heartbeat');
    expect(socketCount(engine().pid)).toBeGreaterThanOrEqual(before + 6); // some reuse a kept connection
    expect((await call(page, 'workspace/status')).status).toBe(200);
    await stopStreams(page);
    await expect.poll(() => socketCount(engine().pid), { timeout: 3_000 }).toBeLessThanOrEqual(before + 1);
  });

  test('offers the page only what the bridge declares', async ({ sharedShell: { page } }) => {
    const bridge = await page.evaluate(() => ({
      names: Object.keys(globalThis.window.falajDesktop ?? {}).sort(),
      platform: globalThis.window.falajDesktop?.platform,
      version: globalThis.window.falajDesktop?.appVersion,
      node: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
        (name) => name in globalThis,
      ),
      memoryFile: globalThis.window.falajDesktop?.pathForFile(new File(['x'], 'x.csv')),
    }));
    expect(bridge.names).toEqual([
      'appVersion',
      'openFileDialog',
      'pathForFile',
      'platform',
      'saveFileDialog',
      'setAppearance',
    ]);
    expect(bridge.platform).toBe(process.platform);
    expect(bridge.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(bridge.node).toEqual([]);
    expect(bridge.memoryFile).toBeNull();
  });

  test('hands the chosen paths to the page', async ({ sharedShell: { app, page } }) => {
    await app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = () =>
        Promise.resolve({ canceled: false, filePaths: ['/data/flights.parquet'] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: true, filePath: '' });
    });
    expect(
      await page.evaluate(() => globalThis.window.falajDesktop?.openFileDialog({ multiple: true })),
    ).toEqual(['/data/flights.parquet']);
    expect(
      await page.evaluate(() => globalThis.window.falajDesktop?.saveFileDialog({ suggestedName: 'a.csv' })),
    ).toBeNull();
    const refused = page.evaluate(() =>
      globalThis.window.falajDesktop?.saveFileDialog({ suggestedName: '../../.bashrc' }),
    );
    await expect(refused).rejects.toThrow(/form it does not know/);
  });

  test('loads no native module: its Node is not the engine’s', async ({ sharedShell: { app, engine } }) => {
    test.skip(process.platform !== 'linux', 'reads /proc');
    expect(loadedNativeModules(app.process().pid!)).toEqual([]);
    expect(engine().pid).not.toBe(app.process().pid);
  });

  test('leaves the engine none of its sockets, pipes and files', async ({
    sharedShell: { app, page, engine },
  }) => {
    test.skip(process.platform !== 'linux', 'reads /proc');
    await call(page, 'workspace/status');
    const profile = await app.evaluate(({ app: electronApp }) => electronApp.getPath('userData'));
    const inherited = openDescriptors(engine().pid).filter(
      (target) => target.startsWith(profile) || target.startsWith('/dev/shm/'),
    );
    expect(openDescriptors(app.process().pid!).some((target) => target.startsWith(profile))).toBe(true);
    expect(inherited).toEqual([]);
  });

  test('is brought to the front by a second start', async ({ shell }) => {
    await shell.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.hide());
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const second = spawn(need(electronBinary()), [...asRoot, need(builtProduct())], {
      env: shell.environment,
      stdio: 'ignore',
    });
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).toBe(0);
    const windows = () =>
      shell.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isVisible()),
      );
    await expect.poll(windows).toEqual([true]);
  });

  test('goes on after the engine was killed', async ({ shell: { page, engine } }) => {
    await call(page, 'workspace/status');
    const first = engine().pid;
    await startStreams(page, 1);
    process.kill(first, 'SIGKILL');
    const startedAt = Date.now();
    await expect
      .poll(
        async () =>
          ((await call(page, 'workspace/status')).output as { engine?: { pid: number } }).engine?.pid ??
          first,
        { timeout: 15_000, intervals: [20] },
      )
      .not.toBe(first);
    test.info().annotations.push({ type: 'recovered after', description: `${Date.now() - startedAt} ms` });
    expect(engine().pid).not.toBe(first);
  });

  test('lets the engine go when it closes', async ({ shell }) => {
    await call(shell.page, 'workspace/status');
    const { pid } = shell.engine();
    const before = socketCount(pid);
    await shell.app.evaluate(({ app }) => app.quit());
    await expect.poll(() => socketCountOrZero(pid), { timeout: 5_000 }).toBeLessThan(before);
  });
});

function socketCountOrZero(pid: number): number {
  try {
    return socketCount(pid);
  } catch {
    return 0; // it has ended by itself
  }
}
