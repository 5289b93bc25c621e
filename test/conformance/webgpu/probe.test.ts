import { describe, expect, it } from 'vitest';
import { Verifier } from '../../../src/core/devices/verification.ts';
import { spawnIsolated } from '../../../src/core/processes/index.ts';
import { softwareAdapter } from './support/software-adapter.ts';

const environment = softwareAdapter('the probe of Dawn');

describe.skipIf(environment === null)('the probe of Dawn', { timeout: 60_000 }, () => {
  it('refuses a software adapter by its name', async () => {
    const verifier = new Verifier({
      spawn: spawnIsolated,
      environment: environment ?? {},
      platform: process.platform,
    });
    const trial = await verifier.verify('dawn', null, new AbortController().signal);
    expect(trial.outcome).toBe('failed');
    expect(trial.reason).toMatch(/^Only a software adapter answered \(SwiftShader\)/);
  });
});
