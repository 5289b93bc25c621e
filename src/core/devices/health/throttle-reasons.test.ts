import { describe, expect, it } from 'vitest';
import { decodeAmdThrottling, decodeNvidiaThrottling } from './throttle-reasons.ts';

/** `struct gpu_metrics_v1_3` with a status. */
function metrics(status: bigint, content = 3, size = 120): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt16LE(size, 0);
  bytes[2] = 1;
  bytes[3] = content;
  if (size >= 120) bytes.writeBigUInt64LE(status, 112);
  return bytes;
}

describe("what holds NVIDIA's clocks back", () => {
  it.each([
    ['0x0000000000000000', []],
    ['0x0000000000000001', ['idle']],
    ['0x0000000000000004', ['powerCap']],
    ['0x0000000000000068', ['hardwareSlowdown', 'softwareThermal', 'hardwareThermal']],
    [
      '0x00000000000001F2',
      ['applicationClocks', 'syncBoost', 'softwareThermal', 'hardwareThermal', 'powerBrake', 'displayClocks'],
    ],
    ['0x8000000000000080', ['powerBrake', 'other']],
  ])('%s', (mask, reasons) => expect(decodeNvidiaThrottling(mask)).toEqual(reasons));

  it.each([undefined, '', '[N/A]', 'Active', '4', '0x', '0x00000000000000001'])('%j is not known', (mask) =>
    expect(decodeNvidiaThrottling(mask)).toBeNull(),
  );
});

describe("what holds AMD's clocks back", () => {
  it('is told by group', () => {
    expect(decodeAmdThrottling(metrics(0n))).toEqual([]);
    expect(decodeAmdThrottling(metrics((1n << 0n) | (1n << 22n) | (1n << 36n)))).toEqual([
      'powerCap',
      'current',
      'thermal',
    ]);
    expect(decodeAmdThrottling(metrics(1n << 57n))).toEqual(['other']);
  });

  it('is not known of another revision, a short file, or a chip that gives no status', () => {
    expect(decodeAmdThrottling(metrics(1n, 4))).toBeNull();
    expect(decodeAmdThrottling(metrics(1n, 3, 80))).toBeNull();
    expect(decodeAmdThrottling(Buffer.alloc(0))).toBeNull();
    expect(decodeAmdThrottling(metrics(0xffff_ffff_ffff_ffffn))).toBeNull();
  });
});
