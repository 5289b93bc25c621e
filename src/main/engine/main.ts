import { applyCompilerFlags } from '../../core/processes/index.ts';
import { toFalajError } from '../../shared/errors.ts';
import { EXIT_WORKSPACE_TAKEN } from '../connect/engine-door.ts';
import { releaseMemoryAfterStart } from '../release-memory.ts';
import { parseEngineArguments } from './engine-arguments.ts';
import { createEngineLog } from './engine-log.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import { takeUnattendedPassphrase } from './unattended-passphrase.ts';

/** What is still running after this long is given up. */
const STOP_WITHIN_MS = 20_000;

applyCompilerFlags();
const log = createEngineLog((line) => process.stderr.write(line), {
  debug: process.env['FALAJ_DEBUG'] === '1',
  clock: Date.now,
});

process.on('uncaughtException', (error) => {
  log.unexpected(error);
  process.exit(1); // its state is unknown now; whatever was reported done is on disk
});

async function main(): Promise<number> {
  const passphrase = takeUnattendedPassphrase(process.env);
  const running = await startEngineProcess({
    ...parseEngineArguments(process.argv.slice(2)),
    passphrase,
    log,
  });
  stopOnSignals(running);
  releaseMemoryAfterStart();
  await running.ended;
  return 0;
}

function stopOnSignals(running: EngineProcess): void {
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      log.info('stopping', { signal });
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      running.stop().catch((error: unknown) => {
        log.unexpected(error);
        process.exit(1);
      });
    });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const known = toFalajError(error);
    if (known.code === 'INTERNAL') log.unexpected(error);
    else
      process.stderr.write(
        `error[${known.code}]: ${known.message}\n${known.hint === '' ? '' : `hint: ${known.hint}\n`}`,
      );
    process.exit(
      known.code === 'WORKSPACE_IN_USE'
        ? EXIT_WORKSPACE_TAKEN
        : known.exitCode === EXIT_WORKSPACE_TAKEN
          ? 1
          : known.exitCode,
    );
  },
);
