import { describe, expect, it } from 'vitest';
import { catalogueCommand, isNarrowed, questionText, readQuestion, toggled } from './catalogue-address.ts';

const question = {
  search: 'delay mean',
  selection: { entity: ['airport', 'مطار'], tag: ['team=ops'], used: ['yes'] },
};

describe('the catalogue in the address', () => {
  it('comes back as it was written', () => {
    const text = questionText(question);
    expect(text).toBe('?q=delay+mean&entity=airport&entity=%D9%85%D8%B7%D8%A7%D8%B1&tag=team%3Dops&used=yes');
    expect(readQuestion(text)).toEqual(question);
    expect(questionText({ search: '', selection: {} })).toBe('');
  });

  it('leaves alone what is not its own, and what else a page adds', () => {
    expect(readQuestion('?feature=late&at=2026')).toEqual({ search: '', selection: {} });
    expect(questionText(question, { feature: 'late' })).toMatch(/&feature=late$/);
  });

  it('chooses a value and lets it go', () => {
    const chosen = toggled({ search: '', selection: {} }, 'source', 'push');
    expect(chosen.selection).toEqual({ source: ['push'] });
    expect(isNarrowed(chosen)).toBe(true);
    expect(isNarrowed(toggled(chosen, 'source', 'push'))).toBe(false);
  });

  it('is a command with quoted words', () => {
    expect(catalogueCommand(question)).toBe(
      "falaj features ls --search 'delay mean' --entity airport --entity 'مطار' --tag team=ops --used",
    );
    expect(catalogueCommand({ search: ' ', selection: { online: ['yes', 'no'], used: ['no'] } })).toBe(
      'falaj features ls --no-used',
    );
  });
});
