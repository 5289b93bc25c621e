import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMPILER_FLAGS } from './compiler-flags.ts';

const FLAGS = new URL('./compiler-flags.ts', import.meta.url).href;
const HOT = `
  const sum = (values) => { let all = 0; for (const value of values) all += value; return all; };
  const values = new Float64Array(1000).fill(1);
  for (let round = 0; round < 3000; round++) sum(values);`;

/** The compilers that worked on a function that is called often. */
function compilersOf(program: string, flags: readonly string[]): string[] {
  const { stdout, status } = spawnSync(
    process.execPath,
    [...flags, '--trace-opt', '--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  return [...new Set([...stdout.matchAll(/\(target (\w+)\)/g)].map(([, name]) => name!))].sort();
}

describe('the compilers of our programs', () => {
  it('are those of the flags, whether a program is started with them or asks for them', () => {
    expect(compilersOf(HOT, [])).toContain('MAGLEV');
    expect(compilersOf(HOT, COMPILER_FLAGS)).toEqual(['TURBOFAN_JS']);
    const asking = `import { applyCompilerFlags } from ${JSON.stringify(FLAGS)}; applyCompilerFlags(); ${HOT}`;
    expect(compilersOf(asking, [])).toEqual(['TURBOFAN_JS']);
  });

  it('are those of the tests too', () => {
    expect(process.execArgv).toEqual(expect.arrayContaining([...COMPILER_FLAGS]));
  });
});
