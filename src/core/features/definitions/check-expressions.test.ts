import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { flightsDefinitions } from '../../../../test/fixtures/flights-definitions.ts';
import { featuresMigrations } from '../migrations.ts';
import type { Definitions } from './definitions.ts';

const BASE = `kind: Entity
name: airport
keys: [{name: airport, type: string}]
---
kind: FeatureView
name: base
entities: [airport]
source: {dataset: flights, filter: "delay > -60"}
features:
  - {name: delay}
  - {name: late, type: bool, expression: "delay > 15"}
  - {name: code, type: string, expression: "upper(airport)"}
---
kind: FeatureView
name: outer
entities: [airport]
source: {view: base, filter: "late"}
features:
  - {name: minutes, expression: "delay * 60"}
---
kind: FeatureView
name: asked
entities: [airport]
source: {request: [{name: distance, type: float64}]}
features:
  - {name: far, type: bool, expression: "distance > 1000 AND airport <> 'DXB'"}
---
kind: FeatureView
name: pushed
entities: [airport]
source: {push: true}
features:
  - {name: queue, type: int64}
  - {name: long, type: bool, expression: "queue > 100"}
---
kind: FeatureService
name: delays
features: ["outer:*"]
`;

let parts: EngineParts;
let definitions: Definitions;

beforeAll(async () => {
  parts = await openParts([featuresMigrations]);
  definitions = flightsDefinitions(parts);
  definitions.apply(of(BASE));
});
afterAll(() => parts.close());

const of = (text: string) => ({ documents: [{ file: 'falaj.yaml', text }], prune: false });
const check = (text: string): Promise<void> => definitions.checkExpressions(of(text));

describe('the expressions of views', () => {
  it('may read the columns of a dataset, of another view, of a request and of pushed rows', async () => {
    await expect(
      check(`${BASE}---\nkind: Entity\nname: gate\nkeys: [{name: gate, type: string}]\n`),
    ).resolves.toBe(undefined);
    await expect(check(BASE.replace('delay > 15', 'delay > 20'))).resolves.toBe(undefined);
  });

  it.each([
    ['a file', "read_csv('/etc/passwd')", 'is not a function of a row alone'],
    ['a subquery', "(SELECT max(content) FROM read_text('/etc/passwd'))", 'a subquery is not allowed'],
    ['a second statement', "delay; ATTACH 'x.db'", 'syntax error'],
    ['a query around it', 'delay) FROM (SELECT 1 AS delay', 'must be one expression'],
    ['the rest of the line', "1 FROM read_text('/etc/passwd') --", 'syntax error'],
    ['the environment', "getenv('HOME')", 'depends on more than the row'],
    ['the clock', 'now()', 'is not a function of a row alone'],
    ['other rows', 'sum(delay)', 'is computed over many rows'],
    ['a window', 'row_number() OVER ()', 'a window function is not allowed'],
    ['a macro with a query in it', "query('select 1')", 'is not a function of a row alone'],
    ['a column that is not there', 'dealy + 1', 'there is no column "dealy"; did you mean "delay"?'],
    ['half an expression', 'delay +', 'syntax error'],
    ['nothing', '', 'syntax error'],
    ['a function that is not there', 'nope(delay)', 'is not a function of a row alone'],
    ['text taken for a number', 'upper(delay) + upper(delay)', 'refused'],
  ])('are refused with their line when they are %s', async (_what, expression, message) => {
    const text = BASE.replace('delay > 15', expression);
    await expect(check(text)).rejects.toMatchObject({
      code: 'BAD_DEFINITION',
      message: expect.stringMatching(/falaj\.yaml:11: The expression of "late" is refused/),
    });
    await expect(check(text)).rejects.toThrow(message);
  });

  it.each([
    ['a filter that is no condition', 'delay > -60', 'delay + 1', 'falaj.yaml:8: the filter is int64'],
    ['a filter that cannot be read', 'delay > -60', 'delay >', 'falaj.yaml:8: The expression of "filter"'],
    [
      'a column of a request that is not there',
      'distance >',
      'distanc >',
      'falaj.yaml:26: The expression of "far"',
    ],
    ['a column that is never pushed', 'queue > 100', 'queu > 100', 'falaj.yaml:34: The expression of "long"'],
  ])('are refused for %s', async (_what, before, after, message) => {
    await expect(check(BASE.replace(before, after))).rejects.toThrow(message);
  });

  it('are refused under an aggregate of numbers when they turn out to be text', async () => {
    const name = `  - {name: name, expression: "code || '!'"}\n`;
    const mean = '  - {name: mean, aggregate: {fn: mean, of: name, window: 1d}}\n';
    const minutes = '  - {name: minutes, expression: "delay * 60"}\n';
    const text = BASE.replace(minutes, minutes + name + mean);
    await expect(check(text)).rejects.toThrow('asks for the mean of "name", which is text');
  });

  it('of views that build on a change are named with it, and with the services above them', async () => {
    const [entity, view] = BASE.split('---\n');
    const text = `${entity}---\n${view!.replace('type: bool, expression: "delay > 15"', 'expression: "delay / 15"')}`;
    const refused = check(text);
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_DEFINITION',
      details: { broken: ['FeatureView/outer', 'FeatureService/delays'] },
    });
    await expect(refused).rejects.toThrow('the filter is float64, not a condition');
  });
});
