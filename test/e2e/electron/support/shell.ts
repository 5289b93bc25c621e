import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { ended, isAlive } from './processes.ts';

const LAUNCH_WITHIN_MS = 25_000;

export interface ShellOptions {
  readonly binary: string;
  readonly app: string;
  readonly display: string;
  /** An existing workspace; absent: a folder that holds none yet. */
  readonly workspace?: string;
  /** Added to the environment, such as the passphrase. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running desktop window with a workspace and a profile of its own, both thrown away at the end. */
export interface Shell {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly workspace: string;
  readonly startedAt: number;
  /** The environment it was started with, for a second instance of it. */
  readonly environment: Record<string, string>;
  engine(): { readonly pid: number; readonly token: string };
  close(): Promise<void>;
}

export async function openShell(options: ShellOptions): Promise<Shell> {
  const { binary, app: appPath, display } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'falaj-shell-'));
  const workspace = options.workspace ?? path.join(folder, 'workspace');
  const environment = {
    ...(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >),
    ...(display === '' ? {} : { DISPLAY: display }),
    FALAJ_USER_DATA: path.join(folder, 'profile'),
    FALAJ_WORKSPACE: workspace,
    FALAJ_KEYRING: 'off',
    ...options.environment,
  };
  const engine = (): { pid: number; token: string } =>
    JSON.parse(readFileSync(path.join(workspace, 'run', 'engine.json'), 'utf8')) as {
      pid: number;
      token: string;
    };
  const startedAt = Date.now();
  const app = await electron.launch({
    executablePath: binary,
    args: [appPath],
    env: environment,
    timeout: LAUNCH_WITHIN_MS,
  });
  const close = async (): Promise<void> => {
    let enginePid: number | undefined;
    try {
      enginePid = engine().pid;
    } catch {
      enginePid = undefined; // it never came up
    }
    await app.close();
    if (enginePid !== undefined && isAlive(enginePid)) {
      process.kill(enginePid); // it would stay until its idle time is over
      await ended(enginePid, 5_000);
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const page = await app.firstWindow({ timeout: LAUNCH_WITHIN_MS });
    return { app, page, workspace, startedAt, environment, engine, close };
  } catch (error) {
    const log = path.join(folder, 'profile', 'logs', 'shell.log');
    const said = existsSync(log) ? readFileSync(log, 'utf8') : 'nothing';
    await close();
    throw new Error(`No window appeared. The shell's log says:\n${said}`, { cause: error });
  }
}
