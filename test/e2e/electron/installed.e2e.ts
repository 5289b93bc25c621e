import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { getRawHeader } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium } from '@playwright/test';
import { expect, need, test } from './support/fixtures.ts';
import {
  asPlainUser,
  buildPackage,
  INSTALLED_BINARY,
  INSTALLED_RESOURCES,
  install,
  isInstalled,
  isPackageInstalled,
  mayInstall,
  missingDependencies,
  plainHome,
  remove,
  startInstalled,
} from './support/installed-package.ts';
import { call } from './support/page-calls.ts';
import {
  commandLine,
  ended,
  isAlive,
  loadedNativeModules,
  processTree,
  statusField,
} from './support/processes.ts';
import { builtProduct, electronBinary } from './support/runtime.ts';

/** As the fuse wire has it: the character `1`. */
const FUSE_ON = 0x31;

test.describe.configure({ mode: 'serial' });

test.describe('the installed package', () => {
  let packageFile: string | undefined;

  test.beforeAll(() => {
    test.setTimeout(300_000);
    need(mayInstall());
    need(builtProduct());
    packageFile = buildPackage(path.dirname(need(electronBinary())));
    const missing = missingDependencies(packageFile);
    test.skip(missing.length > 0, `the package cannot be installed here: missing ${missing.join(', ')}`);
    install(packageFile);
  });

  test.afterAll(() => {
    if (isInstalled()) remove();
    if (packageFile !== undefined) rmSync(path.dirname(packageFile), { recursive: true, force: true });
  });

  test('carries the release’s fuses', async () => {
    const wire = await getCurrentFuseWire(INSTALLED_BINARY);
    const state = (fuse: FuseV1Options) => wire[fuse] === FUSE_ON;
    expect({
      runAsNode: state(FuseV1Options.RunAsNode),
      cookieEncryption: state(FuseV1Options.EnableCookieEncryption),
      nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      nodeInspect: state(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocol: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      nodeInspect: false,
      asarIntegrity: true,
      onlyAsar: true,
      fileProtocol: false,
    });
  });

  test('holds what runs and nothing else', () => {
    const { header } = getRawHeader(path.join(INSTALLED_RESOURCES, 'app.asar'));
    const names = (at: object) => Object.keys((at as { files: Record<string, object> }).files).sort();
    const files = (header as { files: Record<string, { files: Record<string, object> }> }).files;
    expect(names(header)).toEqual(['dist', 'node_modules', 'package.json', 'resources']);
    expect(names(files['dist']!)).toEqual(['electron', 'node', 'renderer']);
    expect(existsSync(path.join(INSTALLED_RESOURCES, 'default_app.asar'))).toBe(false);
    expect(existsSync('/usr/share/applications/falaj.desktop')).toBe(true);
    expect(existsSync(path.join(INSTALLED_RESOURCES, 'apparmor-profile'))).toBe(true);
  });

  test('brings the command line along', () => {
    const home = plainHome();
    expect(asPlainUser('/usr/bin/falaj', ['version'], home.environment)).toMatch(/\d+\.\d+\.\d+/);
    rmSync(home.folder, { recursive: true, force: true });
  });

  test('starts for a plain user with the sandbox on', async ({ display }) => {
    const app = await startInstalled(need(display).name);
    try {
      const browser = await chromium.connectOverCDP(app.endpoint);
      const page = await browser
        .contexts()[0]!
        .waitForEvent('page', { timeout: 100 })
        .catch(() => browser.contexts()[0]!.pages()[0]!);
      await expect(page.locator('#root')).not.toBeEmpty();
      expect(page.url()).toMatch(/^app:\/\/falaj\//);
      const { status, output } = await call(page, 'workspace/status');
      expect(status).toBe(200);
      expect(output).toMatchObject({ workspace: app.workspace });
      const engine = (output as { engine: { pid: number } }).engine.pid;

      const tree = processTree(app.pid);
      const renderers = tree.filter((pid) => commandLine(pid).includes('--type=renderer'));
      expect(renderers.length).toBeGreaterThan(0);
      for (const pid of renderers) {
        expect(statusField(pid, 'Seccomp')).toBe('2'); // SECCOMP_MODE_FILTER
        expect(statusField(pid, 'NoNewPrivs')).toBe('1');
      }
      expect(tree.some((pid) => commandLine(pid).includes('--no-sandbox'))).toBe(false);
      expect(loadedNativeModules(app.pid)).toEqual([]);
      expect(commandLine(engine)).toContain(path.join(INSTALLED_RESOURCES, 'bin', 'node'));
      expect(statusField(engine, 'Uid')).toMatch(/^65534\s/);
      await browser.close();
      await app.close();
      if (isAlive(engine)) process.kill(engine);
      expect(await ended(engine, 5_000)).toBe(true);
    } finally {
      await app.close();
    }
  });

  test('is gone after its removal', () => {
    remove();
    expect(existsSync(INSTALLED_BINARY)).toBe(false);
    expect(existsSync('/usr/bin/falaj')).toBe(false);
    expect(existsSync('/usr/share/applications/falaj.desktop')).toBe(false);
    expect(isPackageInstalled('falaj')).toBe(false);
  });
});
