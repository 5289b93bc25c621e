import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installPythonPackages } from '../../conformance/support/python-packages.ts';

const SCRIPT = path.join(process.cwd(), 'test', 'bench', 'peers', 'feast_peer.py');
const TIME_LIMIT_MS = 1_200_000;

export interface FeastAnswer {
  readonly ms: readonly number[];
  readonly version: string;
  readonly rows?: number;
  readonly asked?: number;
}

/** Installs Feast in an environment of its own, once per clone, and runs it. */
export function feast(...args: readonly (string | number)[]): FeastAnswer {
  const python = installPythonPackages('feast-0.67-duckdb', ['feast[duckdb]==0.67.*']);
  if (typeof python === 'string') throw new Error(`Feast could not be installed: ${python}`);
  const result = spawnSync(path.join(python.bin, 'python'), [SCRIPT, ...args.map(String)], {
    encoding: 'utf8',
    timeout: TIME_LIMIT_MS,
    env: { ...process.env, FEAST_USAGE: 'False', PYTHONWARNINGS: 'ignore' },
  });
  if (result.status !== 0)
    throw new Error(`Feast ended with ${result.status}: ${result.stderr.slice(-2000)}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1)!) as FeastAnswer;
}
