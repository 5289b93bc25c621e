import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { FalajError } from '../../shared/errors.ts';
import { isRunning } from '../processes/index.ts';

const execute = promisify(execFile);

export interface EnvironmentRequest {
  /** Absolute path of a requirements file. */
  readonly requirements: string;
  /** Absolute path of a folder of wheels: then nothing is asked of any network. */
  readonly wheelhouse: string | null;
  /** Where environments are kept. */
  readonly cache: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}

const COMPLETE = '.falaj-complete';
const LOCK_POLL_MS = 500;
/** Who takes a lock writes its number at once: one that is empty for longer was left by a process that died in between. */
const EMPTY_LOCK_MS = 10_000;
const LARGEST_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * An environment of Python with exactly these requirements, made once and kept under a hash of what it is made of. It is made
 * by uv where that is installed, else by venv and pip. One that was not finished is never used.
 */
export async function pythonEnvironment(request: EnvironmentRequest): Promise<string> {
  const { requirements, wheelhouse, cache, signal, log } = request;
  const text = await readFile(requirements, 'utf8').catch(() => {
    throw new FalajError('FILE_NOT_FOUND', `There is no file "${requirements}".`, {
      hint: 'Give a requirements file with --env.',
    });
  });
  const python = await run(request, 'python3', ['-c', 'import sys; print(sys.version)']);
  if (python === null) {
    throw new FalajError('CHILD_FAILED', 'Python 3 was not found.', {
      hint: 'Install it, or leave out --env to run in the environment you are in.',
    });
  }
  const wheels = wheelhouse === null ? [] : await wheelsIn(wheelhouse);
  const id = createHash('sha256')
    .update(JSON.stringify([text, python.trim(), wheels]))
    .digest('hex')
    .slice(0, 24);
  const folder = path.join(cache, id);
  if (existsSync(path.join(folder, COMPLETE))) return folder;
  await mkdir(cache, { recursive: true });
  const release = await takeLock(`${folder}.lock`, signal);
  try {
    if (existsSync(path.join(folder, COMPLETE))) return folder;
    await rm(folder, { recursive: true, force: true });
    await build(request, folder);
    await writeFile(path.join(folder, COMPLETE), text);
    log(`Environment ${id} is ready.`);
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await release();
  }
}

async function build(request: EnvironmentRequest, folder: string): Promise<void> {
  const { requirements, wheelhouse, log } = request;
  const offline = wheelhouse === null ? [] : ['--no-index', '--find-links', wheelhouse];
  if ((await run(request, 'uv', ['--version'])) !== null) {
    log('Making an environment with uv.');
    await must(request, 'uv', ['venv', '--quiet', '--python', 'python3', folder]);
    await must(request, 'uv', [
      'pip',
      'install',
      '--quiet',
      '--python',
      folder,
      ...offline,
      '-r',
      requirements,
    ]);
    return;
  }
  log('Making an environment with venv and pip; with uv installed this is many times faster.');
  await must(request, 'python3', ['-m', 'venv', folder]);
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  await must(request, python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    ...offline,
    '-r',
    requirements,
  ]);
}

async function must(request: EnvironmentRequest, program: string, args: readonly string[]): Promise<void> {
  try {
    await execute(program, [...args], options(request));
  } catch (error) {
    request.signal.throwIfAborted();
    const said = String((error as { stderr?: string }).stderr ?? error).trim();
    for (const line of said.split('\n')) request.log(line);
    throw new FalajError('CHILD_FAILED', `The environment could not be made: ${said.split('\n').at(-1)}`, {
      hint:
        request.wheelhouse === null
          ? 'Without a network, give a folder of wheels with --wheelhouse.'
          : 'The folder of wheels lacks something: make it with `pip download -r requirements.txt -d DIR` where there is a network.',
    });
  }
}

/** Null where the program is not there, or says no. */
const run = (request: EnvironmentRequest, program: string, args: readonly string[]): Promise<string | null> =>
  execute(program, [...args], options(request)).then(
    ({ stdout }) => stdout,
    () => null,
  );

const options = ({ environment, signal }: EnvironmentRequest) => ({
  env: environment,
  signal,
  maxBuffer: LARGEST_OUTPUT_BYTES,
});

async function wheelsIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    throw new FalajError('FILE_NOT_FOUND', `There is no folder "${folder}".`, {
      hint: 'Give a folder of wheels with --wheelhouse.',
    });
  }
}

/** Two runs that need the same environment make it once: the second waits. Whoever died while making it holds up nobody. */
async function takeLock(file: string, signal: AbortSignal): Promise<() => Promise<void>> {
  for (; ; await sleep(LOCK_POLL_MS, undefined, { signal })) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await isAbandoned(file)) await rm(file, { force: true });
    }
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  try {
    const holder = Number(await readFile(lock, 'utf8'));
    if (Number.isInteger(holder) && holder > 0) return !isRunning(holder);
    return Date.now() - (await stat(lock)).mtimeMs > EMPTY_LOCK_MS;
  } catch (error) {
    // It was given back meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
