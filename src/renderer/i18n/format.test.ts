import { describe, expect, it } from 'vitest';
import { createFormat } from './format.ts';

const en = createFormat('en', 'latn');
const arabic = createFormat('ar', 'arab');
const latin = createFormat('ar', 'latn');

describe('numbers and times for people', () => {
  it('writes sizes in binary units with at most one decimal', () => {
    expect(en.bytes(512)).toBe('512 B');
    expect(en.bytes(42_000_000)).toBe('40.1 MiB');
    expect(en.bytes(3 * 2 ** 30)).toBe('3.0 GiB');
  });

  it('shortens only what is long', () => {
    expect(en.compact(3376)).toBe('3,376');
    expect(en.compact(3_000_000)).toBe('3M');
  });

  it('keeps small and large figures readable', () => {
    expect(en.number(0.000012)).toBe('1.20e-5');
    expect(en.number(0.71234, 4)).toBe('0.7123');
    expect(en.number(1234567)).toBe('1,234,567');
    expect(en.number(Number.NaN)).toBe('–');
  });

  it('says how long something took', () => {
    expect(en.duration(850)).toBe('850 ms');
    expect(en.duration(12_400)).toBe('12 s');
    expect(en.duration(200_000)).toBe('3 min 20 s');
    expect(en.duration(3_720_000)).toBe('1 h 2 min');
  });

  it('uses the digits that were chosen, and keeps a number with its unit', () => {
    expect(arabic.integer(123)).toBe('١٢٣');
    expect(latin.integer(123)).toBe('123');
    expect(latin.percent(0.42)).toBe('\u206642 %\u2069');
  });

  it('counts the hours of a day to 24, in every language', () => {
    const evening = '2026-01-01T18:05:09';
    expect(en.dateTime(evening)).toContain('18:05:09');
    expect(latin.dateTime(evening)).toContain('18:05:09');
  });

  it('tells how long ago in the language', () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    expect(en.relative('2026-01-01T23:57:00Z', now)).toBe('3 min ago');
    expect(latin.relative('2026-01-01T23:57:00Z', now)).toContain('3 دقائق');
  });
});
