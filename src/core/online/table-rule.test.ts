import { describe, expect, it } from 'vitest';
import { missingField } from './table-rule.ts';

describe('a field that is missing', () => {
  const rule = { of: 'the request', required: new Set<string>(), present: new Set<string>(), strict: false };

  it('is told from one that is there under nearly the same name', () => {
    expect(missingField('driver', ['driverr', 'fare'], rule, 1)).toMatchObject({
      message: 'Row 1: "driver" is missing, which the request needs.',
      hint: 'There is "driverr" instead: rename it to "driver".',
    });
  });

  it('is to be added where nothing is like it', () => {
    expect(missingField('driver', ['fare'], rule, null).hint).toBe('Add it to the file.');
  });
});
