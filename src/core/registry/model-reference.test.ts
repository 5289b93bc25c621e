import { describe, expect, it } from 'vitest';
import { parseModelReference } from './model-reference.ts';

describe('parseModelReference', () => {
  it('reads the three forms', () => {
    expect(parseModelReference('delay')).toEqual({ name: 'delay', kind: 'latest' });
    expect(parseModelReference('delay@candidate')).toEqual({
      name: 'delay',
      kind: 'alias',
      alias: 'candidate',
    });
    expect(parseModelReference('delay:12')).toEqual({ name: 'delay', kind: 'version', version: 12 });
  });

  it.each([
    '',
    '@a',
    'delay@',
    'delay:',
    'delay:0',
    'delay:1.5',
    'delay:-1',
    'de lay',
    'a@b@c',
    'a@b:1',
    '../delay',
  ])('refuses %j', (text) => {
    expect(() => parseModelReference(text)).toThrowError(expect.objectContaining({ code: 'BAD_NAME' }));
  });
});
