import { describe, expect, it } from 'vitest';
import { parseSelection, selectionText } from './selection.ts';

const micros = (text: string): number => Date.parse(text) * 1000;

describe('parseSelection', () => {
  it('reads a name, a version and a stretch of time', () => {
    expect(parseSelection('flights')).toEqual({ name: 'flights' });
    expect(parseSelection('flights:3')).toEqual({ name: 'flights', version: 3 });
    expect(parseSelection('flights[2001-06-01..2001-07-01]')).toEqual({
      name: 'flights',
      from: micros('2001-06-01T00:00:00Z'),
      to: micros('2001-07-01T00:00:00Z'),
    });
    expect(parseSelection('flights:2[2001-06-01T12:30..]')).toEqual({
      name: 'flights',
      version: 2,
      from: micros('2001-06-01T12:30:00Z'),
    });
    expect(parseSelection('flights[..2001-06-01]')).toEqual({
      name: 'flights',
      to: micros('2001-06-01T00:00:00Z'),
    });
  });

  it.each([
    '',
    'a b',
    'flights[',
    'flights[..]',
    'flights[2001-06-01]',
    'flights[x..y]',
    'flights[2001-07-01..2001-06-01]',
    '../flights',
    'flights[a..b..c]',
  ])('refuses %j', (text) => {
    expect(() => parseSelection(text)).toThrowError(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});

describe('selectionText', () => {
  it.each([
    ['', ''],
    ['2001-06-01', ' 2001-07-01'],
    ['', '2001-07-01'],
    ['2001-06-01T12:30', ''],
  ])('is read back as meant from %j to %j', (from, to) => {
    expect(parseSelection(selectionText('flights', from, to))).toEqual({
      name: 'flights',
      ...(from === '' ? {} : { from: micros(`${from}${from.includes('T') ? ':00' : 'T00:00:00'}Z`) }),
      ...(to === '' ? {} : { to: micros(`${to.trim()}T00:00:00Z`) }),
    });
  });
});
