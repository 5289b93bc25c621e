import { describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../../shared/contract/types.ts';
import { assessHealth, type HealthEvidence, UNKNOWN_HEALTH } from './assess-health.ts';
import { type HealthFigures, known, NO_FIGURES } from './health-figures.ts';
import { parseKernelEvent } from './kernel-events.ts';
import { worseHealth } from './worse-health.ts';

const NOW = Date.UTC(2026, 2, 4);
const HOUR = 3_600_000;
const WELL: HealthFigures = {
  ...NO_FIGURES,
  uncorrectedErrors: known(0),
  slowdownMarginCelsius: known(30),
  throttling: { reasons: [], unknown: null },
  repair: 'none',
};

const event = (text: string, hoursAgo = 1): KernelEvent => parseKernelEvent(text, NOW - hoursAgo * HOUR)!;
const xid = (number: number, hoursAgo = 1): KernelEvent =>
  event(`NVRM: Xid (PCI:0000:3b:00): ${number}, text`, hoursAgo);
const assess = (figures: Partial<HealthFigures> = {}, evidence: Partial<HealthEvidence> = {}) =>
  assessHealth({
    figures: { ...WELL, ...figures },
    events: [],
    absence: null,
    provedAtMs: null,
    nowMs: NOW,
    ...evidence,
  });
const found = (...args: Parameters<typeof assess>): string[] => {
  const { state, causes } = assess(...args);
  return [state, ...causes.map(({ code, severity, remedy }) => `${code} ${severity} ${remedy}`)];
};

describe('the health of a device', () => {
  it('is well when nothing speaks against it, and unknown when nothing speaks', () => {
    expect(found()).toEqual(['ok']);
    expect(UNKNOWN_HEALTH).toMatchObject({ state: 'unknown', causes: [], kernelEvents: null });
    expect(found({}, { figures: NO_FIGURES, events: [] })).toEqual(['ok']);
  });

  it.each<[string, Partial<HealthFigures>, string[]]>([
    ['errors', { uncorrectedErrors: known(2) }, ['degraded', 'uncorrectedErrors degraded resetDevice']],
    ['errors of an earlier life', { uncorrectedErrorsEver: known(9), correctedErrors: known(400) }, ['ok']],
    ['a repair that waits', { repair: 'pending' }, ['degraded', 'repairPending degraded resetDevice']],
    ['no spare memory', { repair: 'failed' }, ['failed', 'repairFailed failed replace']],
    ['a driver that wants a reset', { recovery: 'reset' }, ['failed', 'recoveryNeeded failed resetDevice']],
    [
      'a driver that wants a restart',
      { recovery: 'reboot' },
      ['failed', 'recoveryNeeded failed restartMachine'],
    ],
    [
      'a driver that wants it freed',
      { recovery: 'drain' },
      ['degraded', 'recoveryNeeded degraded resetDevice'],
    ],
    ['heat to come', { slowdownMarginCelsius: known(2) }, ['degraded', 'hot degraded cool']],
    [
      'heat',
      { slowdownMarginCelsius: known(-1), throttling: { reasons: ['softwareThermal'], unknown: null } },
      ['degraded', 'throttledByHeat degraded cool'],
    ],
    [
      'the power supply',
      { throttling: { reasons: ['hardwareSlowdown', 'powerBrake'], unknown: null } },
      ['degraded', 'throttledByPower degraded power'],
    ],
    [
      'a limit of power, which is as it should be',
      { throttling: { reasons: ['powerCap', 'idle'], unknown: null } },
      ['ok'],
    ],
  ])('by %s', (_, figures, expected) => expect(found(figures)).toEqual(expected));

  it('has the gravest cause first, in words', () => {
    const { causes } = assess({ uncorrectedErrors: known(1) }, { events: [xid(79)], absence: 'vanished' });
    expect(causes.map(({ message }) => message)).toEqual([
      'The driver does not list it any more.',
      'Xid 79: The GPU has fallen off the bus.',
      '1 memory error could not be corrected since the driver was loaded.',
    ]);
    expect(causes[1]?.hint).toMatch(/^Restart the machine\./);
  });
});

describe('errors in the kernel log', () => {
  it('of programs leave the device well', () => {
    expect(found({}, { events: [xid(13), xid(31), xid(43)] })).toEqual(['ok']);
  });

  it('are counted by their number', () => {
    expect(assess({}, { events: [xid(94, 3), xid(94, 2), xid(63)] }).causes).toMatchObject([
      { code: 'xid', xid: 94, count: 2 },
      { code: 'xid', xid: 63, count: 1 },
    ]);
  });

  it('after which the device goes on are over after a day; others only when it was proved or repaired', () => {
    expect(found({}, { events: [xid(94, 25)] })).toEqual(['ok']);
    expect(found({}, { events: [xid(95, 25)] })[0]).toBe('failed');
    expect(found({}, { events: [xid(95, 2)], provedAtMs: NOW - HOUR })[0]).toBe('degraded');
    expect(found({}, { events: [xid(95, 2)], provedAtMs: NOW - 3 * HOUR })[0]).toBe('failed');
    expect(found({ recovery: 'none' }, { events: [xid(95, 2)] })[0]).toBe('degraded');
    expect(found({ recovery: 'none' }, { events: [xid(95, 25)] })).toEqual(['ok']);
  });

  it('before a recovery are over', () => {
    const recovered =
      'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)';
    expect(found({}, { events: [xid(95, 2), event(recovered)] })).toEqual(['ok']);
    expect(found({}, { events: [event(recovered, 2), xid(95)] })[0]).toBe('failed');
    const amd = (text: string, hoursAgo: number) => event(`amdgpu 0000:03:00.0: amdgpu: ${text}`, hoursAgo);
    const failed = amd('GPU reset(1) failed', 3);
    expect(found({}, { events: [failed] })).toEqual(['failed', 'resetFailed failed restartMachine']);
    expect(found({}, { events: [failed, amd('GPU reset(2) succeeded!', 1)] })).toEqual([
      'degraded',
      'reset degraded watch',
    ]);
  });

  it('are shown, the newest of them', () => {
    const events = Array.from({ length: 60 }, (_, at) => xid(13, 60 - at));
    expect(assess({}, { events }).kernelEvents).toEqual(events.slice(10));
    expect(assess({}, { events: null }).kernelEvents).toBeNull();
  });
});

describe('news', () => {
  const device = { id: 'GPU-1', name: 'NVIDIA H200' };
  const news = (before: ReturnType<typeof assess>, now: ReturnType<typeof assess>) =>
    worseHealth(device, before, now, NOW)?.causes.map(({ code }) => code) ?? null;

  it('are new causes, more errors, and graver ones', () => {
    const one = assess({ uncorrectedErrors: known(1) });
    expect(news(assess(), one)).toEqual(['uncorrectedErrors']);
    expect(news(one, assess({ uncorrectedErrors: known(2) }))).toEqual(['uncorrectedErrors']);
    expect(
      news(assess({}, { events: [xid(95)], provedAtMs: NOW }), assess({}, { events: [xid(95)] })),
    ).toEqual(['xid']);
    expect(worseHealth(device, assess(), one, NOW)).toMatchObject({ device: 'GPU-1', state: 'degraded' });
  });

  it('are not what stays, what gets better, and what passes with the work', () => {
    const one = assess({ uncorrectedErrors: known(1) });
    expect(news(one, one)).toBeNull();
    expect(news(one, assess())).toBeNull();
    expect(news(assess(), assess({ slowdownMarginCelsius: known(0) }))).toBeNull();
    expect(news(assess(), assess({ throttling: { reasons: ['thermal'], unknown: null } }))).toBeNull();
  });
});
