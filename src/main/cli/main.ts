import { EXIT_INTERRUPTED, runProgram } from './run-program.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(EXIT_INTERRUPTED); // asked twice: at once
    stop.abort();
  });
}
// Started through the launcher, this process must not outlive it.
if (process.channel !== undefined) {
  process.on('disconnect', () => stop.abort());
  process.channel?.unref();
}
// `falaj … | head`: the reader has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
const exitCode = await runProgram({
  arguments: process.argv.slice(2),
  streams: { out: process.stdout, err: process.stderr },
  environment: process.env,
  workingDirectory: process.cwd(),
  signal: stop.signal,
  terminal: interactive ? { input: process.stdin, output: process.stderr } : null,
});
// Whatever a library left open must not hold a finished command; what was printed is flushed first.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
process.exit(exitCode);
