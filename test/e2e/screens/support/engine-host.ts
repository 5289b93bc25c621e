import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const projectNode = path.join(root, 'node_modules/.bin/node');
const built = path.join(root, 'dist/node/cli.mjs');

const node = existsSync(projectNode) ? projectNode : process.execPath;
const cli = existsSync(built) ? built : path.join(root, 'src/main/cli/main.ts');

export interface EngineHost {
  /** Lets one browser in, once. */
  readonly link: string;
  readonly url: string;
  readonly pid: number;
  readonly workspace: string;
  stop(): Promise<void>;
}

const environment = (extra: Record<string, string>): NodeJS.ProcessEnv => {
  const { FALAJ_PASSPHRASE: _, FALAJ_WORKSPACE: __, ...rest } = process.env;
  return { ...rest, FALAJ_KEYRING: 'off', ...extra };
};

export const temporaryFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'falaj-screens-'));

/** Runs a command of the product to its end. */
export async function falaj(args: readonly string[], extra: Record<string, string> = {}): Promise<string> {
  const child = spawn(node, [cli, ...args], { env: environment(extra), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`falaj ${args.join(' ')} ended with ${String(code)}:\n${errors}`);
  return output;
}

/** `falaj ui` over a workspace of its own, as a person starts it. */
export async function startHost(
  options: {
    readonly workspace?: string;
    readonly passphrase?: string;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<EngineHost> {
  const folder = options.workspace === undefined ? temporaryFolder() : null;
  const workspace = options.workspace ?? path.join(folder!, 'workspace');
  const child = spawn(node, [cli, 'ui', '--workspace', workspace, '--port', '0', '--json'], {
    env: environment({
      ...options.environment,
      ...(options.passphrase === undefined ? {} : { FALAJ_PASSPHRASE: options.passphrase }),
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { link, url, pid } = await readyLine(child);
  return {
    link,
    url,
    pid,
    workspace,
    async stop() {
      if (child.exitCode === null) {
        const ended = new Promise((resolve) => child.once('close', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readyLine(child: ChildProcess): Promise<{ link: string; url: string; pid: number }> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(() => reject(new Error(`falaj ui said nothing in 30 s.\n${errors}`)), 30_000);
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      try {
        const ready = JSON.parse(output) as { link: string; url: string; pid: number };
        clearTimeout(timer);
        resolve(ready);
      } catch {
        // The document may arrive in parts; the time limit above ends the waiting.
        return;
      }
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`falaj ui ended with ${String(code)}.\n${errors}`));
    });
  });
}
