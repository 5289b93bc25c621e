import { describe, expect, it } from 'vitest';
import { versionFilter } from './version-filter.ts';

const item = { name: 'fraud_1', version_number: '3', run_id: 'abc' };

describe('the filter of a registry', () => {
  it.each([
    ['', true],
    ["name = 'fraud_1'", true],
    ["name LIKE 'fraud%'", true],
    ["name LIKE 'FRAUD%'", false],
    ["name ILIKE 'FRAUD%'", true],
    ["name LIKE '.*'", false],
    ["run_id IN ('abc', 'x') AND version_number = '3'", true],
    ["tags.`mlflow.prompt.is_prompt` != 'true'", true],
    ["tags.a = 'b'", false],
  ])('%s', (filter, expected) => {
    expect(versionFilter(filter)(item)).toBe(expected);
  });

  it('says what it does not understand', () => {
    for (const filter of ['metrics.auc > 1', "stage = 'x'", "name > 'a'"])
      expect(() => versionFilter(filter)(item), filter).toThrowError(
        expect.objectContaining({ code: 'BAD_INPUT' }),
      );
  });
});
