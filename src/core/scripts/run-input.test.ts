import { describe, expect, it } from 'vitest';
import { runInput } from './run-input.ts';

const read = { name: 'visits', version: 1, digest: 'a'.repeat(64), source: '/data/visits@1' };

describe('what a run read', () => {
  it('is one input with all columns and purposes of its reads', () => {
    const first = runInput({ ...read, columns: ['town', 'at'], context: 'training' }, undefined);
    expect(first).toEqual({
      dataset: { name: 'visits', digest: read.digest, source_type: 'falaj', source: '/data/visits@1' },
      tags: { 'mlflow.data.context': 'training', 'falaj.columns': '["at","town"]' },
    });
    const second = runInput({ ...read, columns: ['price'], context: 'evaluation' }, first);
    expect(second.tags).toEqual({
      'mlflow.data.context': 'evaluation, training',
      'falaj.columns': '["at","price","town"]',
    });
    expect(runInput({ ...read, columns: ['price'] }, second)).toEqual(second);
  });

  it('stays whole once it was read whole, and keeps what its program said of it', () => {
    const whole = runInput(read, {
      ...runInput({ ...read, columns: ['at'] }, undefined),
      tags: { note: 'mine' },
    });
    expect(whole.tags).toEqual({ note: 'mine' });
    expect(runInput({ ...read, columns: ['at'] }, whole)).toEqual(whole);
  });
});
