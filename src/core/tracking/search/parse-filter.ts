import { badFilter, type FilterToken, filterTokens } from './filter-tokens.ts';

export type Entity = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset';

export interface SearchKey {
  readonly entity: Entity;
  readonly name: string;
}

export type Comparison = '=' | '!=' | '>' | '>=' | '<' | '<=' | 'LIKE' | 'ILIKE';

export type Condition = SearchKey &
  (
    | { readonly operator: Comparison; readonly value: string | number }
    | { readonly operator: 'IN' | 'NOT IN'; readonly values: readonly string[] }
    | { readonly operator: 'IS NULL' | 'IS NOT NULL' }
  );

export interface Ordering extends SearchKey {
  readonly descending: boolean;
}

const ENTITIES: Readonly<Record<string, Entity>> = {
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  dataset: 'dataset',
  datasets: 'dataset',
};

/**
 * Parses the filter language of MLflow's searches: conditions joined by AND. An empty filter has none.
 *
 * @throws BAD_INPUT naming what is not understood.
 */
export function parseFilter(filter: string): Condition[] {
  if (filter.trim() === '') return [];
  const parser = new Parser(filterTokens(filter));
  const conditions = [parser.condition()];
  while (parser.takeWord('AND')) conditions.push(parser.condition());
  parser.end('AND or the end');
  return conditions;
}

/** Parses one item of `order_by`: a key, and ASC (the default) or DESC. */
export function parseOrdering(item: string): Ordering {
  const parser = new Parser(filterTokens(item));
  const key = parser.key();
  const descending = parser.takeWord('DESC');
  if (!descending) parser.takeWord('ASC');
  parser.end('ASC, DESC or the end');
  return { ...key, descending };
}

class Parser {
  readonly #tokens: readonly FilterToken[];
  #at = 0;

  constructor(tokens: readonly FilterToken[]) {
    this.#tokens = tokens;
  }

  condition(): Condition {
    const key = this.key();
    if (this.takeWord('IS')) {
      const negated = this.takeWord('NOT');
      if (!this.takeWord('NULL')) throw this.#unexpected('NULL');
      return { ...key, operator: negated ? 'IS NOT NULL' : 'IS NULL' };
    }
    if (this.takeWord('NOT')) {
      if (!this.takeWord('IN')) throw this.#unexpected('IN');
      return { ...key, operator: 'NOT IN', values: this.#list() };
    }
    if (this.takeWord('IN')) return { ...key, operator: 'IN', values: this.#list() };
    for (const operator of ['LIKE', 'ILIKE'] as const)
      if (this.takeWord(operator)) return { ...key, operator, value: this.#value() };
    const token = this.#take();
    if (token.kind !== 'operator') throw this.#unexpected('a comparison such as = or LIKE', token);
    const operator = (token.text === '<>' ? '!=' : token.text) as Comparison;
    return { ...key, operator, value: this.#value() };
  }

  /** `entity.name`, or the name of an attribute. Parts after the entity belong to the key. */
  key(): SearchKey {
    const first = this.#take();
    if (first.kind !== 'name' && first.kind !== 'quoted') throw this.#unexpected('a key', first);
    if (!this.#takeText('.')) return { entity: 'attribute', name: first.text };
    const entity = Object.hasOwn(ENTITIES, first.text.toLowerCase())
      ? ENTITIES[first.text.toLowerCase()]
      : undefined;
    if (entity === undefined)
      throw badFilter(`${first.text} is not one of metrics, params, tags, attributes and datasets.`);
    let name = this.#keyPart();
    while (this.#takeText('.')) name += `.${this.#keyPart()}`;
    return { entity, name };
  }

  takeWord(word: string): boolean {
    const token = this.#tokens[this.#at]!;
    if (token.kind !== 'name' || token.text.toUpperCase() !== word) return false;
    this.#at++;
    return true;
  }

  end(expected: string): void {
    const token = this.#tokens[this.#at]!;
    if (token.kind !== 'end') throw this.#unexpected(expected, token);
  }

  #keyPart(): string {
    const token = this.#take();
    if (token.kind !== 'end' && token.kind !== 'operator' && token.kind !== 'punctuation') return token.text;
    throw this.#unexpected('the rest of a key', token);
  }

  #value(): string | number {
    const token = this.#take();
    if (token.kind === 'text' || token.kind === 'quoted') return token.text;
    if (token.kind === 'number') return Number(token.text);
    throw this.#unexpected('a number or a text in quotes', token);
  }

  #list(): string[] {
    if (!this.#takeText('(')) throw this.#unexpected('a list in parentheses');
    const values: string[] = [];
    do values.push(String(this.#value()));
    while (this.#takeText(','));
    if (!this.#takeText(')')) throw this.#unexpected(', or )');
    return values;
  }

  #take(): FilterToken {
    const token = this.#tokens[this.#at]!;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  #takeText(text: string): boolean {
    const token = this.#tokens[this.#at]!;
    if (token.kind !== 'punctuation' || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #unexpected(expected: string, token = this.#tokens[this.#at]!): ReturnType<typeof badFilter> {
    const found = token.kind === 'end' ? 'it ends' : `${JSON.stringify(token.text)} stands`;
    return badFilter(`${expected} is needed at position ${token.at}, where ${found}.`);
  }
}
