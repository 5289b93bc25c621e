import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Found, projectRoot } from './runtime.ts';

export const INSTALLED_BINARY = '/opt/Falaj/falaj-desktop';
export const INSTALLED_RESOURCES = '/opt/Falaj/resources';

/** The user `nobody`: a plain one without rights, for whom the sandbox has to work. */
const PLAIN_USER = 65_534;

const output = (program: string, args: readonly string[]): string =>
  spawnSync(program, args, { encoding: 'utf8' }).stdout ?? '';

export const isPackageInstalled = (name: string): boolean =>
  output('dpkg', ['-s', name]).includes('Status: install ok installed');

/** Whether a package may be installed and removed on this machine, which a test does not do on a person's own. */
export function mayInstall(): Found<true> {
  if (process.env['FALAJ_TEST_INSTALL'] !== '1' && process.env['CI'] === undefined) {
    return { missing: 'the consent to install a package here (set FALAJ_TEST_INSTALL=1)' };
  }
  if (process.getuid?.() !== 0) return { missing: 'the rights of root, which dpkg needs' };
  if (spawnSync('dpkg-deb', ['--version'], { stdio: 'ignore' }).status !== 0) return { missing: 'dpkg' };
  if (isPackageInstalled('falaj')) {
    if (process.env['CI'] !== undefined) {
      remove(); // a run that was stopped before its end
      return { value: true };
    }
    return { missing: 'a machine without an installed Falaj: this one has the person’s own' };
  }
  return { value: true };
}

/** Packs the built product around the given Electron; quick compression, for the package is thrown away. */
export function buildPackage(electronFolder: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'falaj-package-'));
  const options = [
    '--target',
    'deb',
    '--compression',
    'gz',
    '--no-build',
    '--electron-dist',
    electronFolder,
    '--output',
    folder,
  ];
  const built = spawnSync(process.execPath, [path.join(projectRoot, 'scripts/package.mjs'), ...options], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  const name = readdirSync(folder).find((file) => file.endsWith('.deb'));
  if (built.status !== 0 || name === undefined)
    throw new Error(`The package was not made:\n${built.stdout}\n${built.stderr}`);
  return path.join(folder, name);
}

/** Packages that ours depends on and this machine lacks, fetched where apt can. */
export function missingDependencies(packageFile: string): string[] {
  const wanted = output('dpkg-deb', ['-f', packageFile, 'Depends']).trim().split(/,\s*/);
  const absent = () => wanted.filter((name) => !isPackageInstalled(name));
  if (absent().length > 0) {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...absent()], {
      stdio: 'ignore',
      env: environment,
    });
  }
  return absent();
}

export const install = (packageFile: string): void => {
  execFileSync('dpkg', ['-i', packageFile], { stdio: 'pipe' });
};

export const remove = (): void => {
  execFileSync('dpkg', ['-r', 'falaj'], { stdio: 'pipe' });
};

export const isInstalled = (): boolean => existsSync(INSTALLED_BINARY);

export interface InstalledApp {
  readonly pid: number;
  /** Of the developer tools' socket, for `chromium.connectOverCDP`. */
  readonly endpoint: string;
  readonly workspace: string;
  close(): Promise<void>;
}

/** A home folder that belongs to the plain user. */
export function plainHome(): { readonly folder: string; readonly environment: Record<string, string> } {
  const folder = mkdtempSync(path.join(tmpdir(), 'falaj-home-'));
  const runtime = path.join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  for (const each of [folder, runtime]) chownSync(each, PLAIN_USER, PLAIN_USER);
  return {
    folder,
    environment: {
      HOME: folder,
      XDG_RUNTIME_DIR: runtime,
      PATH: '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      FALAJ_KEYRING: 'off',
    },
  };
}

/** What a program prints when the plain user runs it. */
export const asPlainUser = (
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): string =>
  execFileSync(program, args, {
    encoding: 'utf8',
    env: environment,
    uid: PLAIN_USER,
    gid: PLAIN_USER,
    cwd: '/',
  });

/** Starts the installed app as the plain user, with its sandbox on. */
export async function startInstalled(display: string): Promise<InstalledApp> {
  const { folder, environment } = plainHome();
  const child = spawn(INSTALLED_BINARY, ['--remote-debugging-port=0'], {
    env: { ...environment, DISPLAY: display },
    uid: PLAIN_USER,
    gid: PLAIN_USER,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /DevTools listening on (ws:\/\/\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', (code, signal) =>
      reject(new Error(`The installed app ended (${code ?? signal}):\n${said}`)),
    );
    child.on('error', reject);
  });
  const close = async (): Promise<void> => {
    const exited =
      child.exitCode === null ? new Promise((done) => child.once('exit', done)) : Promise.resolve();
    child.kill();
    await exited;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { pid: child.pid!, endpoint, workspace: path.join(folder, '.local/share/falaj/workspace'), close };
}
