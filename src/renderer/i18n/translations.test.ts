import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../shared/errors.ts';

const root = path.resolve(import.meta.dirname, '../../..');

type Texts = { readonly [key: string]: string | Texts };

const read = (language: string): Texts =>
  JSON.parse(readFileSync(path.join(root, 'resources/i18n', `${language}.json`), 'utf8')) as Texts;

const flatten = (texts: Texts, prefix = ''): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[`${prefix}${key}`, value] as const]
        : [...flatten(value, `${prefix}${key}.`)],
    ),
  );

const PLURAL = /_(zero|one|two|few|many|other)$/;
const en = flatten(read('en'));
const ar = flatten(read('ar'));
const languages = [
  ['en', en],
  ['ar', ar],
] as const;

/** A key without its plural form. */
const stems = (texts: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...texts.keys()].map((key) => key.replace(PLURAL, '')))].sort();

const variables = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort();

const sources = readdirSync(path.join(root, 'src/renderer'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(path.join(root, 'src/renderer', file), 'utf8'))
  .join('\n');

describe('the texts of the screens', () => {
  it('have the same keys in both languages', () => {
    expect(stems(ar)).toEqual(stems(en));
  });

  it.each(languages)('%s: every plural has all forms of its language', (language, texts) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const counted = new Set(
      [...texts.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')),
    );
    for (const stem of counted) {
      for (const category of categories) expect([...texts.keys()]).toContain(`${stem}_${category}`);
    }
  });

  it.each(languages)('%s: nothing is empty or left in marks', (_, texts) => {
    for (const [key, text] of texts) {
      expect(text.trim(), key).not.toBe('');
      expect(text, key).not.toMatch(/TODO|FIXME|\{\{\s|\s\}\}/);
    }
  });

  it('name the same variables in both languages; a plural form may leave out the count', () => {
    for (const [key, text] of ar) {
      const model = en.get(key) ?? en.get(key.replace(PLURAL, '_other'));
      if (model === undefined) continue;
      const missing = variables(model).filter((name) => !variables(text).includes(name));
      const allowed = PLURAL.test(key) ? ['count', 'rows', 'entries', 'kept', 'found'] : [];
      expect(
        missing.filter((name) => !allowed.includes(name)),
        key,
      ).toEqual([]);
      expect(
        variables(text).filter((name) => name !== 'count' && !variables(model).includes(name)),
        key,
      ).toEqual([]);
    }
  });

  it.each(languages)('%s: every error has a title', (_, texts) => {
    for (const code of Object.keys(ERROR_CODES)) expect([...texts.keys()]).toContain(`errors.${code}`);
  });

  it('are all used: by their key, or by a key made from a prefix', () => {
    const prefixes = [...sources.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map(([, prefix]) => prefix!);
    const unused = stems(en).filter(
      (key) => !sources.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  it('are written in Arabic where they are words', () => {
    const latinOnly = [...ar].filter(
      ([key, text]) => !/[\u0600-\u06ff]/.test(text) && key !== 'commands.switchLanguage',
    );
    expect(latinOnly.filter(([key, text]) => en.get(key) !== text)).toEqual([]);
    expect(latinOnly.length).toBeLessThan(12);
  });
});
