import { describe, expect, it } from 'vitest';
import { parseEngineArguments } from './engine-arguments.ts';

describe('the arguments of an engine', () => {
  it('name a workspace, and a door only when there is a port', () => {
    expect(parseEngineArguments(['--workspace', '/w'])).toEqual({
      workspace: '/w',
      web: null,
      idleExitMs: 15_000,
    });
    expect(
      parseEngineArguments(['--workspace', '/w', '--port', '0', '--host', '::1', '--idle-exit-ms', '0']),
    ).toEqual({
      workspace: '/w',
      web: { host: '::1', port: 0, insecure: false },
      idleExitMs: Number.POSITIVE_INFINITY,
    });
  });

  it.each([
    [[]],
    [['--workspace', '/w', '--port', '99999']],
    [['--workspace', '/w', '--port', 'x']],
    [['--workspace', '/w', '--idle-exit-ms', '-1']],
    [['--passphrase', 'x']],
  ])('are refused: %j', (given) =>
    expect(() => parseEngineArguments(given)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' })),
  );
});
