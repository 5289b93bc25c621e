import { describe, expect, it } from 'vitest';
import { type KeyPress, meaningOf, parentOf } from './keyboard.ts';

const press = (change: Partial<KeyPress>): KeyPress => ({
  key: 'x',
  command: false,
  alt: false,
  typing: false,
  covered: false,
  afterGo: false,
  ...change,
});

describe('the shell keyboard', () => {
  it('opens the palette with Ctrl or Cmd and K, even while typing', () => {
    expect(meaningOf(press({ key: 'K', command: true, typing: true }))).toEqual({ kind: 'palette' });
  });

  it('leaves plain letters alone while someone types or a dialog is open', () => {
    expect(meaningOf(press({ key: 'g', typing: true }))).toBeNull();
    expect(meaningOf(press({ key: 'g', covered: true }))).toBeNull();
  });

  it('reads g and then a letter as a jump', () => {
    expect(meaningOf(press({ key: 'g' }))).toEqual({ kind: 'await-go' });
    expect(meaningOf(press({ key: 'd', afterGo: true }))).toEqual({ kind: 'go', key: 'd' });
  });

  it('goes up one level at a time and stops at the top', () => {
    expect(parentOf('/data/flights/profile')).toBe('/data/flights');
    expect(parentOf('/data/flights')).toBe('/data');
    expect(parentOf('/data')).toBeNull();
    expect(parentOf('/')).toBeNull();
  });
});
