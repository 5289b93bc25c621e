import { throttleReason } from '../../../shared/contract/device-health.ts';
import type { ThrottleReason } from '../../../shared/contract/types.ts';

/**
 * Bits of `clocks_event_reasons.active`, which drivers before 535 call `clocks_throttle_reasons.active`: NVML's
 * `nvmlClocksEventReason…` constants (nvml.h, docs.nvidia.com/deploy/nvml-api, "NvmlClocksEventReasons").
 */
const NVML_BITS: readonly ThrottleReason[] = throttleReason.options.slice(0, 9);

/** The reasons in a mask such as `0x0000000000000044`; null for a text that is not one. */
export function decodeNvidiaThrottling(mask: string | undefined): ThrottleReason[] | null {
  const text = mask?.trim() ?? '';
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return null;
  const bits = BigInt(text);
  const reasons = NVML_BITS.filter((_, bit) => (bits >> BigInt(bit)) & 1n);
  return bits >> BigInt(NVML_BITS.length) === 0n ? reasons : [...reasons, 'other'];
}

/** Groups of AMD's `indep_throttle_status`, by the first and last of their bits (amdgpu_smu.h, `SMU_THROTTLER_…_BIT`). */
const AMD_GROUPS: readonly (readonly [first: number, last: number, reason: ThrottleReason])[] = [
  [0, 15, 'powerCap'],
  [16, 31, 'current'],
  [32, 47, 'thermal'],
  [48, 63, 'other'],
];

const METRICS_FORMAT = 1;
const METRICS_CONTENT = 3;
const METRICS_BYTES = 120;
const STATUS_OFFSET = 112;

/**
 * The reasons in a card's `gpu_metrics` file: little-endian `struct gpu_metrics_v1_3` (kgd_pp_interface.h), the one revision
 * whose bits mean the same on every chip. Null for others, which are many and each decoded in its own way.
 */
export function decodeAmdThrottling(metrics: Buffer): ThrottleReason[] | null {
  if (metrics.length < METRICS_BYTES || metrics.readUInt16LE(0) < METRICS_BYTES) return null;
  if (metrics[2] !== METRICS_FORMAT || metrics[3] !== METRICS_CONTENT) return null;
  const bits = metrics.readBigUInt64LE(STATUS_OFFSET);
  // The firmware of some chips leaves all bits set where it has no status.
  if (bits === 0xffff_ffff_ffff_ffffn) return null;
  return AMD_GROUPS.filter(
    ([first, last]) => (bits >> BigInt(first)) & ((1n << BigInt(last - first + 1)) - 1n),
  ).map(([, , reason]) => reason);
}
