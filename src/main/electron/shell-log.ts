import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
export type ShellLog = (event: string, fields?: LogFields) => void;

const ROTATES_AT_BYTES = 1024 * 1024;

/** One JSON line per event in a file of the person's own. Nothing is ever sent anywhere. */
export function openShellLog(file: string): ShellLog {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > ROTATES_AT_BYTES)
    renameSync(file, `${file}.1`);
  return (event, fields = {}) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`;
    try {
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      process.stderr.write(line); // the disk is full or gone: better there than nowhere
    }
  };
}

export const errorFields = (error: unknown): LogFields => ({
  error: error instanceof Error ? error.message : String(error),
});
