import { describe, expect, it } from 'vitest';
import { parseJournalLine, parseKernelEvent, parseKmsgRecord } from './kernel-events.ts';

const parse = (text: string) => parseKernelEvent(text, Date.UTC(2026, 2, 2));

describe('messages of the kernel', () => {
  it.each([
    [
      'NVRM: Xid (PCI:0000:3b:00): 79, pid=1, name=python, GPU has fallen off the bus.',
      '0000:3b:00.0',
      79,
      'failed',
    ],
    [
      'NVRM: Xid (0000:01:00): 31, Ch 0000000b, engmask 00000120, intr 10000000',
      '0000:01:00.0',
      31,
      'program',
    ],
    ['NVRM: Xid (PCI:0000:3B:00 GPU-I:05): 94, Contained error', '0000:3b:00.0', 94, 'degraded'],
    ['[ 12.345678] NVRM: Xid (PCI:000f:01:00.0): 48, DBE', '000f:01:00.0', 48, 'failed'],
    ['NVRM: Xid (PCI:0000:3b:00): 777, new in a later driver', '0000:3b:00.0', 777, 'degraded'],
    [
      'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)',
      '0000:3b:00.0',
      154,
      'failed',
    ],
    [
      'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)',
      '0000:3b:00.0',
      154,
      'program',
    ],
    [
      'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x0 (None) to 0x4 (Drain P2P)',
      '0000:3b:00.0',
      154,
      'degraded',
    ],
  ])('%s', (text, pciAddress, xid, severity) => {
    expect(parse(text)).toMatchObject({ driver: 'nvidia', kind: 'xid', pciAddress, xid, severity });
  });

  it.each([
    ['amdgpu 0000:03:00.0: amdgpu: GPU reset(4) succeeded!', 'amdgpu', 'reset', 'degraded'],
    ['amdgpu 0000:03:00.0: amdgpu: GPU reset end with ret = -22', 'amdgpu', 'resetFailed', 'failed'],
    [
      'amdgpu 0000:03:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=1, emitted seq=3',
      'amdgpu',
      'hang',
      'degraded',
    ],
    [
      'amdgpu 0000:03:00.0: amdgpu: 2 uncorrectable hardware errors detected in umc block',
      'amdgpu',
      'uncorrectable',
      'degraded',
    ],
    ['i915 0000:00:02.0: [drm] GPU HANG: ecode 12:1:85dffffb, in python [4711]', 'i915', 'hang', 'degraded'],
    [
      'xe 0000:03:00.0: [drm] *ERROR* CRITICAL: Xe has declared device 0000:03:00.0 as wedged.',
      'xe',
      'resetFailed',
      'failed',
    ],
  ])('%s', (text, driver, kind, severity) => {
    expect(parse(text)).toMatchObject({ driver, kind, xid: null, severity });
  });

  it.each([
    'NVRM: loading NVIDIA UNIX x86_64 Kernel Module  590.31.07',
    'NVRM: Xid (PCI:zz): 79',
    'amdgpu 0000:03:00.0: amdgpu: 0 uncorrectable hardware errors detected in umc block',
    'amdgpu 0000:03:00.0: amdgpu: GPU reset begin!',
    'usb 1-1: GPU HANG',
    '',
  ])('%j is none of a device', (text) => expect(parse(text)).toBeNull());

  it('are short, and have a time', () => {
    const event = parse(`NVRM: Xid (PCI:0000:3b:00): 13, ${'x'.repeat(1_000)}`);
    expect(event?.text).toHaveLength(300);
    expect(event?.at).toBe('2026-03-02T00:00:00.000Z');
    expect(parseKernelEvent('NVRM: Xid (PCI:0000:3b:00): 13, x', Number.NaN)).toBeNull();
  });
});

describe('the forms of the log', () => {
  it('of /dev/kmsg counts microseconds from the start', () => {
    expect(parseKmsgRecord('4,12,5000000,-,caller=T1;a;b', 1_000)).toEqual({
      sequence: 12,
      text: 'a;b',
      atMs: 6_000,
    });
    expect(parseKmsgRecord(' SUBSYSTEM=pci', 0)).toBeNull();
  });

  it('of the journal counts seconds from the epoch', () => {
    const line = '1772409600.250000 host kernel: NVRM: hello';
    expect(parseJournalLine(line)).toEqual({ text: 'NVRM: hello', atMs: 1_772_409_600_250 });
    expect(parseJournalLine('1772409600.250000 host sshd[1]: NVRM: Xid')).toBeNull();
    expect(parseJournalLine('-- No entries --')).toBeNull();
  });
});
