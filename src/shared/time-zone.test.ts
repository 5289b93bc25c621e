import { describe, expect, it } from 'vitest';
import { dayStartsIn, isTimeZone } from './time-zone.ts';

const start = (zone: string, date: string): string =>
  new Date(dayStartsIn(zone)(Date.parse(date) * 1000) / 1000).toISOString();

describe('the start of a day', () => {
  it.each([
    ['UTC', '2026-07-01', '2026-07-01T00:00:00.000Z'],
    ['Asia/Dubai', '2026-07-01', '2026-06-30T20:00:00.000Z'],
    ['Europe/Berlin', '2026-01-15', '2026-01-14T23:00:00.000Z'],
    ['Europe/Berlin', '2026-07-15', '2026-07-14T22:00:00.000Z'],
    ['America/New_York', '1969-12-31', '1969-12-31T05:00:00.000Z'],
    ['Asia/Kathmandu', '2026-07-01', '2026-06-30T18:15:00.000Z'],
  ])('in %s of %s is %s', (zone, date, instant) => {
    expect(start(zone, date)).toBe(instant);
  });

  it('is the change of the clocks where they skip midnight', () => {
    expect(start('Africa/Cairo', '2026-04-24')).toBe('2026-04-23T22:00:00.000Z');
    expect(start('Asia/Beirut', '2024-03-31')).toBe('2024-03-30T22:00:00.000Z');
  });

  it('is the first of two midnights where clocks go back over it', () => {
    expect(start('America/Havana', '2025-11-02')).toBe('2025-11-02T04:00:00.000Z');
    expect(start('America/St_Johns', '2010-11-07')).toBe('2010-11-07T02:30:00.000Z');
  });

  it('of a day that a zone left out is the day after', () => {
    expect(start('Pacific/Apia', '2011-12-30')).toBe('2011-12-30T10:00:00.000Z');
    expect(start('Pacific/Apia', '2011-12-31')).toBe('2011-12-30T10:00:00.000Z');
  });

  it('comes after that of the day before in every zone', () => {
    const days = Array.from({ length: 800 }, (_, day) => Date.UTC(2010, 0, 1 + day * 9) * 1000);
    for (const zone of ['Asia/Dubai', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Gaza']) {
      const starts = days.map(dayStartsIn(zone));
      expect(starts.every((instant, index) => index === 0 || instant > starts[index - 1]!)).toBe(true);
    }
  });
});

describe('isTimeZone', () => {
  it('knows zones from other words', () => {
    expect(['Asia/Dubai', 'UTC', 'Asia/Dubay', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});
