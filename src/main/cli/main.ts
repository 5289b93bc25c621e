import { applyCompilerFlags } from '../../core/processes/index.ts';
import { CommandOutput, outputError } from './command-output.ts';
import { EXIT_INTERRUPTED, runProgram } from './run-program.ts';

/** One Ctrl-C may come twice: from the terminal, and handed on by the launcher. */
const SAME_REQUEST_MS = 500;

applyCompilerFlags();
const stop = new AbortController();
let askedAt = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const now = performance.now();
    if (!stop.signal.aborted) {
      askedAt = now;
      stop.abort();
    } else if (now - askedAt > SAME_REQUEST_MS) process.exit(EXIT_INTERRUPTED); // asked again: at once
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
  const failure = outputError(error);
  const json = process.argv.includes('--json');
  new CommandOutput({ json, quiet: false, streams: { out: process.stdout, err: process.stderr } }).error(
    failure,
    undefined,
  );
  process.exit(failure.exitCode);
});
process.stderr.on('error', () => undefined); // nobody listens: the exit code says it all

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
