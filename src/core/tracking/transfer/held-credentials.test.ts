import { describe, expect, it } from 'vitest';
import { HeldCredentials } from './held-credentials.ts';
import { importJobInput } from './import-input.ts';

const server = {
  from: 'mlflow-server',
  url: 'http://127.0.0.1:5000',
  authorization: 'Bearer secret',
} as const;

describe('the credentials of an import', () => {
  it('are held beside the job, which keeps their name alone', () => {
    const held = new HeldCredentials();
    const kept = importJobInput.parse(JSON.parse(JSON.stringify(held.withhold(server))));
    expect(JSON.stringify(kept)).not.toContain('secret');
    expect(kept).toMatchObject({ from: 'mlflow-server', url: server.url });
    expect(held.get((kept as { credentials: string }).credentials)).toBe('Bearer secret');
    expect(held.withhold({ ...server, authorization: null })).toMatchObject({ credentials: null });
    expect(held.withhold({ from: 'mlruns', dir: '/data/mlruns' })).toEqual({
      from: 'mlruns',
      dir: '/data/mlruns',
    });
  });

  it('are gone with the engine, and such an import says so', () => {
    const { credentials } = new HeldCredentials().withhold(server) as { credentials: string };
    expect(() => new HeldCredentials().get(credentials)).toThrow(
      expect.objectContaining({ code: 'CREDENTIALS_REFUSED' }),
    );
    expect(importJobInput.safeParse(server).success).toBe(false);
  });
});
