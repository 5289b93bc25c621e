import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isWorkspace } from '../../core/locations/index.ts';
import type { EngineClient } from '../../shared/contract/types.ts';
import { FalajError, isFalajError } from '../../shared/errors.ts';
import type { Connection } from '../connect/connect.ts';
import { attachToRunning, connect, startEngine } from '../connect/connect.ts';
import { readingRun } from '../connect/reading-run.ts';
import { takeUnattendedPassphrase } from '../engine/unattended-passphrase.ts';
import type { CommandOutput } from './command-output.ts';
import { followJob } from './follow-job.ts';
import { storedLines } from './follow-logs.ts';
import { askNewSecret, askSecret, type Terminal } from './passphrase-prompt.ts';
import { createProgressDisplay } from './progress-display.ts';

const PROMPTS = 3;
const NEIGHBOUR_DONE_WITHIN_MS = 8_000;
const NEIGHBOUR_POLL_MS = 100;

export interface CommandContextOptions {
  /** Absolute path of the workspace's folder that the command means. */
  readonly workspace: string;
  readonly out: CommandOutput;
  readonly signal: AbortSignal;
  readonly environment: Record<string, string | undefined>;
  readonly workingDirectory: string;
  /** Null when nobody sits there. */
  readonly terminal: Terminal | null;
  readonly report: (error: unknown) => void;
}

/** What a command works with: its workspace, its output, and a connection that ends with it. */
export class CommandContext {
  readonly workspace: string;
  readonly out: CommandOutput;
  readonly signal: AbortSignal;
  readonly environment: Record<string, string | undefined>;
  readonly terminal: Terminal | null;
  readonly report: (error: unknown) => void;
  readonly #workingDirectory: string;
  readonly #connections: Connection[] = [];
  #passphrase: { readonly value: string | undefined } | null = null;

  constructor(options: CommandContextOptions) {
    this.workspace = options.workspace;
    this.out = options.out;
    this.signal = options.signal;
    this.environment = options.environment;
    this.terminal = options.terminal;
    this.report = options.report;
    this.#workingDirectory = options.workingDirectory;
  }

  /** An absolute path: the engine has a working directory of its own. */
  path(given: string): string {
    return path.resolve(this.#workingDirectory, given);
  }

  /** The passphrase that the surroundings carry; taken out of them at the first call. */
  unattendedPassphrase(): string | undefined {
    this.#passphrase ??= { value: takeUnattendedPassphrase(this.environment) };
    return this.#passphrase.value;
  }

  /** A connection to the workspace's engine, whatever state the workspace is in. */
  async connect(): Promise<Connection> {
    return this.adopt(await connect({ workspace: this.workspace, report: this.report }));
  }

  /** Makes a connection end with the command. */
  adopt(connection: Connection): Connection {
    this.#connections.push(connection);
    return connection;
  }

  /** The engine with the workspace open, asking for the passphrase if need be. */
  async open(): Promise<EngineClient> {
    for (const deadline = Date.now() + NEIGHBOUR_DONE_WITHIN_MS; ; await sleep(NEIGHBOUR_POLL_MS)) {
      const connection = await connect({
        workspace: this.workspace,
        report: this.report,
        run: readingRun(this.environment),
      });
      try {
        await this.unlock(connection.client);
        return this.adopt(connection).client;
      } catch (error) {
        await connection.close();
        if (!this.#mayWait(error) || Date.now() > deadline) throw error;
      }
    }
  }

  /** The engine in a process that outlives this command. */
  async openInBackground(): Promise<EngineClient> {
    this.unattendedPassphrase(); // out of the environment before a process inherits it
    const running = await attachToRunning(this.workspace);
    // An engine makes folders where it is started.
    if (running === null && !isWorkspace(this.workspace)) throw this.#missing();
    const connection = running ?? (await startEngine({ workspace: this.workspace }));
    const { client } = this.adopt(connection);
    await this.unlock(client);
    return client;
  }

  async unlock(client: EngineClient): Promise<void> {
    const { state } = await client.workspace.status();
    if (state === 'open') return;
    if (state === 'missing') throw this.#missing();
    const unattended = this.unattendedPassphrase();
    if (unattended !== undefined) await client.workspace.unlock({ passphrase: unattended });
    else if (this.terminal !== null) await this.#unlockByPrompt(client, this.terminal);
    else {
      throw new FalajError('WORKSPACE_LOCKED', 'The workspace is locked.', {
        hint: 'Set FALAJ_PASSPHRASE or FALAJ_PASSPHRASE_FILE, or run `falaj unlock` on a terminal.',
      });
    }
  }

  /** What opens the workspace now, for a change that asks again. */
  async currentSecret(byRecoveryKey: boolean): Promise<{ passphrase: string } | { recoveryKey: string }> {
    const unattended = byRecoveryKey ? undefined : this.unattendedPassphrase();
    if (unattended !== undefined) return { passphrase: unattended };
    if (this.terminal === null) {
      throw new FalajError('WORKSPACE_LOCKED', 'There is nobody to ask for the present passphrase.', {
        hint: 'Set FALAJ_PASSPHRASE or FALAJ_PASSPHRASE_FILE, or run this on a terminal.',
      });
    }
    return byRecoveryKey
      ? { recoveryKey: await askSecret('Recovery key: ', this.terminal) }
      : { passphrase: await askSecret('Present passphrase: ', this.terminal) };
  }

  /** The passphrase for something new: from the surroundings, or typed twice. */
  async newPassphrase(variable: 'FALAJ_PASSPHRASE' | 'FALAJ_NEW_PASSPHRASE'): Promise<string> {
    const unattended =
      variable === 'FALAJ_PASSPHRASE'
        ? this.unattendedPassphrase()
        : takeUnattendedPassphrase(this.environment, variable);
    if (unattended !== undefined) return unattended;
    if (this.terminal !== null) return askNewSecret(this.terminal);
    throw new FalajError('BAD_INPUT', 'A passphrase is needed.', {
      hint: `Set ${variable} or ${variable}_FILE, or run this on a terminal.`,
    });
  }

  /** Stays with a job to its end, showing progress, then what it warned of; gives its result. */
  async runJob(client: EngineClient, start: () => Promise<{ job: string }>): Promise<unknown> {
    const display = createProgressDisplay(this.out.errorStream, { quiet: this.out.quiet, clock: Date.now });
    let id = '';
    const result = await followJob({
      client,
      start: async () => {
        const started = await start();
        id = started.job;
        return started;
      },
      display,
      signal: this.signal,
    });
    for await (const { level, text } of storedLines(client, id))
      if (level === 'warn') this.out.note(`warning: ${text}`);
    return result;
  }

  async close(): Promise<void> {
    for (const connection of this.#connections.splice(0)) await connection.close();
  }

  #missing(): FalajError {
    return new FalajError('WORKSPACE_MISSING', `There is no workspace in ${this.workspace}.`, {
      hint: 'Make one with `falaj init`, see a finished one with `falaj demo`, or name another with --workspace DIR.',
    });
  }

  /** Two short commands at once: the second waits its turn. A person is not asked twice for that. */
  #mayWait(error: unknown): boolean {
    return (
      isFalajError(error) &&
      error.code === 'WORKSPACE_IN_USE' &&
      this.unattendedPassphrase() !== undefined &&
      !this.signal.aborted
    );
  }

  async #unlockByPrompt(client: EngineClient, terminal: Terminal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.workspace.unlock({ passphrase: await askSecret('Passphrase: ', terminal) });
        return;
      } catch (error) {
        if (!isFalajError(error) || error.code !== 'WRONG_PASSPHRASE' || attempt === PROMPTS) throw error;
        this.out.important(error.message);
      }
    }
  }
}
