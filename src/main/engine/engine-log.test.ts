import { describe, expect, it } from 'vitest';
import { createEngineLog } from './engine-log.ts';

function log(debug: boolean) {
  const lines: string[] = [];
  return { lines, log: createEngineLog((line) => lines.push(line), { debug, clock: () => 0 }) };
}

describe('the log of the engine', () => {
  it('keeps data values out: an unexpected error leaves its name and frames, not its message', () => {
    const { lines, log: written } = log(false);
    written.unexpected(
      new TypeError('cannot convert "Mariam, 784-1990-1234567-1"', {
        cause: new Error('784-1990-1234567-1'),
      }),
    );
    expect(lines[0]).not.toContain('784');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      level: 'error',
      name: 'TypeError',
      frames: expect.arrayContaining([expect.stringMatching(/^at /)]),
    });
  });

  it('has the message when debugging', () => {
    const { lines, log: written } = log(true);
    written.unexpected(new Error('what happened'));
    expect(JSON.parse(lines[0]!)).toMatchObject({ message: 'what happened' });
  });
});
