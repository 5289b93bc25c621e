import { describe, expect, it } from 'vitest';
import { asOfCommand, keyFromTexts, lookupCommand } from './online-key.ts';

const keys = [
  { name: 'id', type: 'int64' as const },
  { name: 'code', type: 'string' as const },
  { name: 'open', type: 'bool' as const },
];

describe('a key that a person types', () => {
  it('has the types of the view’s keys', () => {
    expect(keyFromTexts(keys, { id: ' 7 ', code: ' 7', open: 'true' })).toEqual({
      id: 7,
      code: ' 7',
      open: true,
    });
  });

  it('keeps what does not fit, so that the engine can say why', () => {
    expect(keyFromTexts(keys, { id: 'seven', open: 'maybe' })).toEqual({
      id: 'seven',
      code: '',
      open: 'maybe',
    });
  });

  it('keeps the digits of a number that JSON cannot carry', () => {
    expect(keyFromTexts(keys.slice(0, 1), { id: '9007199254740993' })).toEqual({ id: '9007199254740993' });
  });

  it('is quoted for a terminal', () => {
    expect(lookupCommand('v', { code: "O'Hare" }, '')).toBe(
      `falaj features online --features 'v:*' --keys '[{"code":"O'\\''Hare"}]'`,
    );
    expect(lookupCommand('v', {}, '2026-01-01')).toContain(' --at 2026-01-01');
  });

  it('is asked about the past by the instant and the entities, where they are said', () => {
    expect(asOfCommand('v', null, null)).toBe('falaj features as-of v');
    expect(asOfCommand('v@2', '2026-01-01T00:00:00Z', [{ id: 7 }])).toBe(
      `falaj features as-of v@2 --at 2026-01-01T00:00:00Z --keys '[{"id":7}]'`,
    );
  });
});
