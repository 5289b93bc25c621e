import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connect, startEngine } from '../../../src/main/connect/connect.ts';
import { CLI } from './programs.ts';

export const PASSPHRASE = 'a passphrase for the faults 47';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The product as a person runs it, with every folder that it may write to inside one that the test owns. */
export class Product {
  /** Short, since the engine's socket lies below it. */
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'fk-'));
  readonly workspace = path.join(this.root, 'workspace');
  readonly temporary = path.join(this.root, 'tmp');
  readonly runtime = path.join(this.root, 'run');
  readonly environment: NodeJS.ProcessEnv = {
    ...process.env,
    TMPDIR: this.temporary,
    XDG_RUNTIME_DIR: this.runtime,
    FALAJ_WORKSPACE: this.workspace,
    FALAJ_PASSPHRASE: PASSPHRASE,
    FALAJ_KEYRING: 'off',
  };
  readonly #cli: string;
  readonly #children = new Set<ChildProcess>();
  readonly #engines = new Set<number>();

  /** @param cli the program, when it is not the one to be tested. */
  constructor(cli = CLI) {
    this.#cli = cli;
    for (const folder of [this.temporary, this.runtime]) mkdirSync(folder, { mode: 0o700 });
  }

  /**
   * Starts `falaj …` in a process of its own; `through` puts another program in front, such as a tracer. With `piped` its
   * standard input is the caller's to write.
   */
  start(
    given: readonly string[],
    through: readonly string[] = [],
    { piped = false }: { readonly piped?: boolean } = {},
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const [program, ...rest] = [...through, process.execPath, this.#cli, ...given];
    const child = spawn(program!, rest, {
      cwd: this.root,
      env: this.environment,
      stdio: [piped ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    let out = '';
    let err = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text));
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
    return { child, ended };
  }

  run(given: readonly string[], through: readonly string[] = []): Promise<Ended> {
    return this.start(given, through).ended;
  }

  /** Likewise, with this on its standard input. */
  runPiped(given: readonly string[], input: string | Uint8Array): Promise<Ended> {
    const { child, ended } = this.start(given, [], { piped: true });
    // One that refuses before it has read all closes its end.
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(input);
    return ended;
  }

  /** The same, and fails unless it ends well. Returns what it printed. */
  async succeed(given: readonly string[], through: readonly string[] = []): Promise<string> {
    const { code, out, err } = await this.run(given, through);
    if (code !== 0) throw new Error(`falaj ${given.join(' ')} ended with ${code}:\n${err}`);
    return out;
  }

  /** Starts the workspace's engine in a process of its own and opens the workspace, making it the first time. */
  async openEngine() {
    const connection = await startEngine({ workspace: this.workspace, environment: this.environment });
    this.#engines.add(connection.pid);
    const { state } = await connection.client.workspace.status();
    if (state === 'missing') {
      await connection.client.workspace.create({ name: 'Faults', passphrase: PASSPHRASE, jurisdiction: [] });
    } else if (state === 'locked') await connection.client.workspace.unlock({ passphrase: PASSPHRASE });
    return connection;
  }

  /** Opens the workspace in this process. */
  async openHere() {
    const connection = await connect({ workspace: this.workspace });
    await connection.client.workspace.unlock({ passphrase: PASSPHRASE });
    return connection;
  }

  async killEngine(pid: number): Promise<void> {
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid));
    this.#engines.delete(pid);
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const pid of this.#engines) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until(() => [...this.#engines].every((pid) => !isAlive(pid)));
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`It did not come about within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // gone
  }
}

export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
