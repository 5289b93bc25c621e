import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FollowCommand, RunCommand } from './surroundings.ts';

const OUTPUT_LIMIT_BYTES = 16 * 2 ** 20;

/** Runs a program without a shell. A missing program, a failure and a time-out are results, not errors. */
export const runSystemCommand: RunCommand = (command, args, { timeoutMs, signal }) =>
  new Promise((resolve) => {
    execFile(
      command,
      [...args],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_LIMIT_BYTES,
        windowsHide: true,
        env: { ...process.env, LC_ALL: 'C' },
        ...(signal ? { signal } : {}),
      },
      (error, stdout, stderr) => {
        const code = error?.code;
        resolve({
          exitCode: error === null ? 0 : typeof code === 'number' ? code : null,
          stdout,
          stderr: stderr || (error === null || typeof code === 'number' ? '' : error.message),
          missing: code === 'ENOENT' || code === 'EACCES',
          timedOut: error?.killed === true && signal?.aborted !== true,
        });
      },
    );
  });

export const followSystemCommand: FollowCommand = (command, args, onLine) => {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  createInterface({ input: child.stdout }).on('line', onLine);
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return { exited, stop: () => void child.kill() };
};
