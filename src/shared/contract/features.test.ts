import { expect, it } from 'vitest';
import { onlineInput, pushInput } from './features.ts';

it('refuses fields that a look-up and a push do not have, such as a misspelt instant', () => {
  const keys = [{ shop: 'A1' }];
  expect(onlineInput.safeParse({ service: 's', keys, at: '2026-01-31T12:00:00Z' }).success).toBe(true);
  expect(onlineInput.safeParse({ service: 's', keys, asOf: '2026-01-31T12:00:00Z' }).success).toBe(false);
  expect(pushInput.safeParse({ view: 'v', rows: keys, dryRun: true }).success).toBe(false);
});
