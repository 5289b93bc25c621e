import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlTokens } from './yaml-tokens.ts';

const roles = (line: string) =>
  yamlTokens(line)
    .filter(({ role }) => role !== 'plain')
    .map(({ role, text }) => `${role} ${text}`);

describe('colouring a definition', () => {
  it('tells keys, strings, numbers and comments apart', () => {
    expect(roles('expression: "delay > 15" # late')).toEqual([
      'key expression',
      'mark :',
      'string "delay > 15"',
      'comment # late',
    ]);
    expect(roles('  trees: 200')).toEqual(['key trees', 'mark :', 'number 200']);
    expect(roles('online: true')).toEqual(['key online', 'mark :', 'word true']);
  });

  it('takes durations and names for plain text', () => {
    expect(roles('ttl: 7d')).toEqual(['key ttl', 'mark :']);
    expect(roles('name: delay-model')).toEqual(['key name', 'mark :']);
  });

  it('never loses a character', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(
          yamlTokens(line)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
    );
  });
});
