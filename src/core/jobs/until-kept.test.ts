import { describe, expect, it } from 'vitest';
import { FalajError } from '../../shared/errors.ts';
import { untilKept } from './until-kept.ts';

const full = new FalajError('DISK_FULL', 'The disk is full.');
const never = new AbortController().signal;

describe('what must not be lost', () => {
  it('is kept once there is room, and whoever waits is told why until then', async () => {
    const told: string[] = [];
    let room = false;
    let kept = 0;
    await untilKept(
      () => {
        if (!room) throw full;
        kept++;
      },
      {
        signal: never,
        onFull: ({ message }) => {
          told.push(message);
          room = told.length === 2;
        },
      },
    );
    expect(kept).toBe(1);
    expect(told).toEqual(['The disk is full.', 'The disk is full.']);
  });

  it('is given up at once when the engine ends, with what the disk said', async () => {
    const ends = new AbortController();
    const keeping = untilKept(
      () => {
        throw full;
      },
      { signal: ends.signal, onFull: () => ends.abort() },
    );
    await expect(keeping).rejects.toBe(full);
  });

  it('is not tried again for any other reason', async () => {
    let tries = 0;
    const keeping = untilKept(
      () => {
        tries++;
        throw new Error('broken');
      },
      { signal: never, onFull: () => undefined },
    );
    await expect(keeping).rejects.toThrow('broken');
    expect(tries).toBe(1);
  });
});
