import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../shared/contract/types.ts';
import { aliasMoves } from './alias-history.ts';

const entry = (sequence: number, part: Partial<AuditEntry>): AuditEntry => ({
  sequence,
  at: '2026-01-01T00:00:00Z',
  actor: 'local:maha',
  action: 'model.alias',
  object: 'model/delay:2',
  result: 'done',
  details: { alias: 'champion', from: 1, to: 2 },
  leafHash: '0'.repeat(64),
  ...part,
});

describe('the alias history', () => {
  it('tells the moves of one model, newest first', () => {
    const moves = aliasMoves(
      [
        entry(1, { details: { alias: 'champion', from: null, to: 1 }, object: 'model/delay:1' }),
        entry(2, {}),
        entry(3, { object: 'model/delay-linear:2' }),
        entry(4, { result: 'refused' }),
        entry(5, { action: 'model.register' }),
        entry(6, { action: 'model.alias.remove', details: { alias: 'champion', from: 2, to: null } }),
      ],
      'delay',
    );
    expect(moves.map(({ sequence, from, to }) => [sequence, from, to])).toEqual([
      [6, 2, null],
      [2, 1, 2],
      [1, null, 1],
    ]);
  });

  it('leaves out entries without the facts', () => {
    expect(aliasMoves([entry(1, { details: {} })], 'delay')).toEqual([]);
  });
});
