import { describe, expect, it } from 'vitest';
import { amdUsage, xeUsage } from '../../../../test/fixtures/devices/trees.ts';
import { busiestEngine, deviceMemoryBytes, parseDrmUsage } from './drm-usage.ts';

const MIB = 2 ** 20;
const amd = parseDrmUsage(amdUsage)!;
const xe = parseDrmUsage(xeUsage)!;
const later = (text: string, change: (line: string) => string) => parseDrmUsage(change(text))!.engines;

describe("the kernel's count of what a client uses", () => {
  it('is of memory that is really taken, by region', () => {
    expect(amd).toMatchObject({ pciAddress: '0000:03:00.0', client: '41' });
    expect(deviceMemoryBytes(amd, false)).toBe(2_048 * MIB);
    expect(deviceMemoryBytes(amd, true)).toBe(2_112 * MIB);
    expect(deviceMemoryBytes(xe, false)).toBe(24 * MIB);
    expect([...xe.memoryBytes.keys()]).toEqual(['vram0', 'system']);
  });

  it('is none of memory where the driver tells none', () => {
    const bare = parseDrmUsage('drm-pdev: 0000:00:02.0\ndrm-client-id: 1\ndrm-engine-render: 5 ns\n')!;
    expect(deviceMemoryBytes(bare, true)).toBeNull();
  });

  it('is of time, or of cycles and how many there could have been', () => {
    const busy = later(amdUsage, (text) => text.replace('9000000000', '9250000000'));
    expect(busiestEngine(amd.engines, busy, 1_000)).toBe(0.25);
    const cycles = later(xeUsage, (text) =>
      text.replace('ccs:\t1000\n', 'ccs:\t2000\n').replace('100000', '101000'),
    );
    expect(busiestEngine(xe.engines, cycles, 1_000)).toBe(0.25);
  });

  it('is not of before the first look, of a clock that stands still, nor more than all', () => {
    expect(busiestEngine(undefined, amd.engines, 1_000)).toBeNull();
    expect(busiestEngine(amd.engines, amd.engines, 0)).toBeNull();
    expect(busiestEngine(xe.engines, xe.engines, 1_000)).toBeNull();
    const jump = later(amdUsage, (text) => text.replace('9000000000', '99000000000'));
    expect(busiestEngine(amd.engines, jump, 1_000)).toBe(1);
    expect(busiestEngine(jump, amd.engines, 1_000)).toBe(0);
  });

  it.each(['', 'pos: 0\nflags: 02\n', 'drm-client-id: 1\n', 'drm-pdev: nonsense\ndrm-client-id: 1\n'])(
    '%j is none',
    (text) => expect(parseDrmUsage(text)).toBeNull(),
  );
});
