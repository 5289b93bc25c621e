import { describe, expect, it } from 'vitest';
import { auditTarget } from './audit-presentation.ts';

describe('auditTarget', () => {
  it.each([
    ['data/flights', '/data/flights'],
    ['run/01JC', '/runs/01JC'],
    ['drift/01JD', '/drift/01JD'],
    ['FeatureView/airport_delay', '/features/airport_delay'],
    ['FeatureService/delay_v1', '/features/~services/delay_v1'],
    ['service/delay_v1', '/features/~services/delay_v1'],
    ['Training/late-arrival', '/training/late-arrival'],
    ['model/flight-delay:3', '/models/flight-delay/3'],
    ['model/flight-delay', '/models/flight-delay'],
  ])('%s has a page', (object, address) => {
    expect(auditTarget(object)).toBe(address);
  });

  it.each(['workspace', 'key/ab12', 'folder/models', 'service/a:x,b:y', 'features/a:x', ''])(
    '%j has none',
    (object) => {
      expect(auditTarget(object)).toBeNull();
    },
  );
});
