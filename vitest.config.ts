import { defineConfig } from 'vitest/config';
import { COMPILER_FLAGS } from './src/core/processes/compiler-flags.ts';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'src/**/*.test.tsx',
      'test/conformance/**/*.test.ts',
      'test/faults/**/*.test.ts',
    ],
    globalSetup: 'test/fixtures/own-temporary-folder.ts',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // No module keeps a state of its own, so that files may share those that one process has loaded: loading takes a third of
    // the time otherwise.
    isolate: false,
    // Threads that load TypeScript run Node's type stripper, whose calls out of WebAssembly V8 compiles anew after a thousand;
    // dropping what was compiled before can end the whole process (`UnregisterAllocation`, github.com/nodejs/node/issues/64500).
    // Built threads load no TypeScript.
    // The other flags are those of our programs.
    execArgv: ['--wasm-wrapper-tiering-budget=2147483647', ...COMPILER_FLAGS],
    maxWorkers: 2,
    // A property that failed is not tried again: other cases would be drawn, and the one that failed forgotten.
    retry:
      process.env['FALAJ_TEST_SECOND_TRY'] === undefined
        ? 0
        : { count: 1, condition: /^(?!Property failed)/ },
    reporters: process.env['CI'] === undefined ? ['default'] : ['dot'],
  },
});
