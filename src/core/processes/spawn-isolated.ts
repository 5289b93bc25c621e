import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FalajError } from '../../shared/errors.ts';
import { withoutCoreDump } from '../../shared/without-core-dump.ts';
import { COMPILER_FLAGS } from './compiler-flags.ts';
import { type EntryPointName, entryPoint } from './entry-point.ts';
import { residentBytes } from './resident-memory.ts';
import { makeWorkingFolder, removeWorkingFolder } from './working-folder.ts';

const STDERR_TAIL_BYTES = 65_536;
const WATCHDOG_INTERVAL_MS = 200;

/** When a child is ended, whatever it does. */
export interface ChildLimits {
  /** Wall clock after which the child is killed. */
  readonly timeLimitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface IsolatedChildOptions extends ChildLimits {
  /** One of the product's programs, or a file. */
  readonly entry: EntryPointName | URL;
  readonly args?: readonly string[];
  /** Absolute paths that the child may read besides the program itself. */
  readonly readable?: readonly string[];
  /** Resident memory above which the child is killed. */
  readonly memoryLimitBytes: number;
  /** Gives the child a standard input; without it there is nothing to read. */
  readonly piped?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why we ended it; null when it ended by itself. */
  readonly killedFor: 'memory' | 'time' | 'cancel' | null;
}

export interface IsolatedChild {
  readonly pid: number;
  /** Raw bytes; the child's console never reaches ours. */
  readonly stdout: Readable;
  /** Null unless it was asked for. */
  readonly stdin: Writable | null;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The last 64 KiB of what the child and its native libraries wrote to standard error. */
  stderrTail(): string;
  readonly exited: Promise<ChildExit>;
  kill(): void;
}

/** One that may be started before there is work for it. */
export interface WaitingChild extends IsolatedChild {
  /** Lets our own process end while the child waits for its work. */
  rest(): void;
  /** Ends the child's rest: from now on it has these limits. */
  begin(limits: ChildLimits): void;
}

/**
 * Starts one of our programs on bytes that we do not trust: an own process under Node's permission model that may read
 * the program and the named files only, write nothing and start nothing, with an empty working directory, no inherited
 * environment, no core dump, a memory and a time limit. It ends when its parent does, since its channel closes.
 */
export function spawnIsolated(options: IsolatedChildOptions): WaitingChild {
  const program = fileURLToPath(
    typeof options.entry === 'string' ? entryPoint(options.entry) : options.entry,
  );
  const [command, given] = withoutCoreDump(process.platform, process.execPath, [
    ...COMPILER_FLAGS,
    ...permissions(program, options.readable ?? []),
    program,
    ...(options.args ?? []),
  ]);
  const workingDirectory = makeWorkingFolder();
  const child = spawn(command, given, {
    cwd: workingDirectory,
    env: { ...platformEnvironment(), ...options.environment },
    stdio: [options.piped === true ? 'pipe' : 'ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  });

  let killedFor: ChildExit['killedFor'] = null;
  const kill = (reason: ChildExit['killedFor']): void => {
    killedFor ??= reason;
    child.kill('SIGKILL');
    // Output that nobody reads any more would keep the child from counting as ended.
    child.stdout?.destroy();
    // Now, since our program may end before it hears that the child has. Windows keeps a folder that a process works in.
    if (process.platform !== 'win32') removeWorkingFolder(workingDirectory);
  };
  const onAbort = (): void => kill('cancel');
  let timer: NodeJS.Timeout | undefined;
  let cancelled: AbortSignal | undefined;
  const limit = ({ timeLimitMs, signal }: ChildLimits): void => {
    cancelled = signal;
    signal?.addEventListener('abort', onAbort, { once: true });
    if (timeLimitMs !== undefined) timer = setTimeout(kill, timeLimitMs, 'time');
    if (signal?.aborted) kill('cancel');
  };
  const watchdog = setInterval(async () => {
    const bytes = child.pid === undefined ? null : await residentBytes(child.pid);
    if (bytes !== null && bytes > options.memoryLimitBytes) kill('memory');
  }, WATCHDOG_INTERVAL_MS);
  watchdog.unref();

  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_BYTES);
  });

  const exited = new Promise<ChildExit>((resolve) => {
    const finish = (code: number | null, signal: string | null): void => {
      clearTimeout(timer);
      clearInterval(watchdog);
      cancelled?.removeEventListener('abort', onAbort);
      removeWorkingFolder(workingDirectory);
      resolve({ code, signal, killedFor });
    };
    child.once('error', (error) => {
      tail += error.message;
      finish(null, null);
    });
    child.once('close', finish);
  });
  limit(options);
  const handles = [child, child.channel, child.stdout, child.stderr] as readonly (Handle | null)[];

  return {
    pid: child.pid ?? -1,
    stdout: child.stdout!,
    stdin: child.stdin,
    send: (message) => {
      // A message to a child that has just died is lost; `exited` tells its sender.
      if (child.connected) child.send(message as never, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    stderrTail: () => tail,
    exited,
    kill: () => {
      // Who ends one at rest waits for its end, and nothing else may be left to keep this process going.
      for (const handle of handles) handle?.ref();
      kill('cancel');
    },
    rest: () => {
      for (const handle of handles) handle?.unref();
    },
    begin: (limits) => {
      for (const handle of handles) handle?.ref();
      limit(limits);
    },
  };
}

/** What keeps a process from ending; the pipes of a child are sockets, which have these as well. */
interface Handle {
  ref(): void;
  unref(): void;
}

function permissions(program: string, readable: readonly string[]): string[] {
  const root = programRoot(program);
  const files = [...readable.map((file) => realpathSync(file)), ...readable];
  const widening = files.find((file) => file.includes('*'));
  if (widening !== undefined) {
    // Node takes a star for "all that begins so", and knows no way to write one that is meant.
    throw new FalajError('FILE_UNREADABLE', `"${path.basename(widening)}" has a star in its path.`, {
      hint: 'Rename the file or its folder.',
    });
  }
  const allowed = [root, ...modulesFolders(root), ...files];
  return [
    '--permission',
    '--allow-addons',
    '--no-warnings',
    ...[...new Set(allowed)].map((folder) => `--allow-fs-read=${folder}`),
  ];
}

/** The folder that holds the program's code: the project in development, the bundle's folder in a build. */
function programRoot(program: string): string {
  const marker = `${path.sep}src${path.sep}core${path.sep}`;
  const at = program.lastIndexOf(marker);
  return at === -1 ? path.dirname(program) : program.slice(0, at);
}

function modulesFolders(root: string): string[] {
  const folders: string[] = [];
  for (let folder = root; ; folder = path.dirname(folder)) {
    folders.push(path.join(folder, 'node_modules'), path.join(folder, 'package.json'));
    if (path.dirname(folder) === folder) return folders;
  }
}

/** What a process needs to run at all on each platform; nothing of the person's. */
function platformEnvironment(): Record<string, string> {
  const kept = [
    'SystemRoot',
    'SYSTEMROOT',
    'windir',
    'PATH',
    'LD_LIBRARY_PATH',
    'VK_ICD_FILENAMES',
    'XDG_RUNTIME_DIR',
  ];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
