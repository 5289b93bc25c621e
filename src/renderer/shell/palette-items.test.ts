import { describe, expect, it } from 'vitest';
import { findItems, matchScore, PALETTE_LIMIT, type PaletteItem } from './palette-items.ts';

const item = (id: string, title: string, group: PaletteItem['group'] = 'data', detail = ''): PaletteItem => ({
  id,
  group,
  title,
  detail,
  run: () => undefined,
});

describe('finding in the palette', () => {
  it('needs every word of the query somewhere', () => {
    expect(matchScore(item('a', 'flight-delay', 'models', 'version 3'), 'delay 3')).toBeGreaterThan(0);
    expect(matchScore(item('a', 'flight-delay'), 'delay missing')).toBe(0);
  });

  it('ranks a title that starts with the query above one that only contains it', () => {
    const found = findItems([item('late', 'old flights'), item('early', 'flights')], 'fli');
    expect(found.get('data')?.map(({ id }) => id)).toEqual(['early', 'late']);
  });

  it('finds Arabic text without its vowel marks', () => {
    expect(matchScore(item('a', 'مُهِمّة'), 'مهمة')).toBeGreaterThan(0);
  });

  it('never shows more than a screen reader can bear', () => {
    const many = Array.from({ length: 400 }, (_, index) => item(`i${String(index)}`, `row ${String(index)}`));
    expect(findItems(many, 'row').get('data')).toHaveLength(PALETTE_LIMIT);
  });
});
