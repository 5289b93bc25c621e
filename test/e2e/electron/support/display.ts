import { spawn, spawnSync } from 'node:child_process';
import type { Found } from './runtime.ts';

export interface Display {
  /** For the DISPLAY variable. */
  readonly name: string;
  close(): void;
}

/** A virtual display of this test worker's own; the one of the session where there is no Xvfb. */
export async function openDisplay(): Promise<Found<Display>> {
  if (process.platform !== 'linux') return { value: { name: '', close: () => undefined } };
  if (spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error !== undefined) {
    const name = process.env['DISPLAY'];
    return name === undefined
      ? { missing: 'a display, or Xvfb to make one' }
      : { value: { name, close: () => undefined } };
  }
  // Xvfb picks a free number and writes it to the descriptor it is given.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    server.on('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)));
    server.stdio[3]?.on('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  return { value: { name: `:${number}`, close: () => server.kill() } };
}
