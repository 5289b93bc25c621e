import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AIRPORT, flightColumns, oneFile, VIEW } from '../../../../test/fixtures/airport-definitions.ts';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { featuresMigrations } from '../migrations.ts';
import { Definitions } from './definitions.ts';
import { parseDocuments } from './parse-documents.ts';

const TRAINING = `kind: Training
name: late
entities: {dataset: flights, eventTime: date}
columns: [origin]
label: {column: late, expression: delay > 15}
task: binary
learner: {kind: gbdt, trees: 10}
`;

let parts: EngineParts;
let definitions: Definitions;

describe('reading definition files', () => {
  it('takes several documents and fills in what is left out', () => {
    const [entity, view] = parseDocuments([{ file: 'falaj.yaml', text: `${AIRPORT}---\n${VIEW}` }]);
    expect(entity?.definition).toMatchObject({ kind: 'Entity', name: 'airport' });
    expect(view?.definition).toMatchObject({
      online: false,
      labels: [],
      features: [{ type: 'float64' }, { type: 'float64' }],
    });
  });

  it.each([
    ['an unknown key', `${AIRPORT}colour: red\n`, 'falaj.yaml:4: unknown key "colour".'],
    [
      'a value of the wrong form',
      VIEW.replace('ttl: 7d', 'ttl: seven days'),
      'falaj.yaml:7: ttl: A duration',
    ],
    [
      'a lifetime of zero',
      VIEW.replace('ttl: 7d', 'ttl: 0d'),
      'falaj.yaml:7: ttl: A duration longer than zero',
    ],
    [
      'an unknown key deep inside',
      VIEW.replace('window: 24h', 'windw: 24h'),
      'falaj.yaml:10: features.1.aggregate: unknown key "windw".',
    ],
    [
      'an unknown aggregate',
      VIEW.replace('fn: mean', 'fn: p100'),
      'falaj.yaml:10: features.1.aggregate.fn: One of count,',
    ],
    ['a key that is missing', VIEW.replace(', window: 24h', ''), 'features.1.aggregate.window is missing.'],
    ['an unknown kind', 'kind: Entty\nname: airport\n', 'falaj.yaml:1: there is no kind "Entty".'],
    ['a document without a kind', 'name: airport\n', 'kind is missing'],
    ['malformed YAML', 'kind: Entity\nname: [airport\n', 'falaj.yaml:3'],
    ['a name defined twice', `${AIRPORT}---\n${AIRPORT}`, 'falaj.yaml:5: Entity "airport" is defined twice.'],
    ['a key twice in one document', `${AIRPORT}name: other\n`, 'falaj.yaml:4'],
  ])('refuses %s, naming the line', (_what, text, message) => {
    expect(() => parseDocuments([{ file: 'falaj.yaml', text }])).toThrow(message);
  });

  it.each([
    ['a key', VIEW.replace('ttl: 7d', 'tttl: 7d'), 'unknown key "tttl"', 'Did you mean "ttl"?'],
    ['a key deep inside', VIEW.replace('window: 24h', 'windw: 24h'), '"windw"', 'Did you mean "window"?'],
    [
      'a key of one form among several',
      VIEW.replace('keys: {', 'kyes: {'),
      'source: unknown key "kyes"',
      'Did you mean "keys"?',
    ],
    [
      'a setting of a learner',
      TRAINING.replace('trees: 10', 'tres: 10'),
      'learner: unknown key "tres"',
      'Did you mean "trees"?',
    ],
    [
      'a word',
      TRAINING.replace('task: binary', 'task: bnary'),
      'task: expected one of',
      'Did you mean "binary"?',
    ],
    ['a kind', TRAINING.replace('kind: Training', 'kind: Trainin'), '"Trainin"', 'Did you mean "Training"?'],
    [
      'a setting that is searched',
      `${TRAINING}tune: {metric: auc, space: {leafs: {int: [2, 8]}}}\n`,
      'did you mean leaves?',
      'See the definition files',
    ],
  ])('tells what was probably meant by %s', (_what, text, message, hint) => {
    expect(() => parseDocuments([{ file: 'falaj.yaml', text }])).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
    expect(() => parseDocuments([{ file: 'falaj.yaml', text }])).not.toThrow(/\?\./);
  });

  it('are refused with a hint when they are no YAML', () => {
    expect(() => parseDocuments([{ file: 'falaj.yaml', text: 'kind: Entity\nname: a: b\n' }])).toThrow(
      expect.objectContaining({
        code: 'BAD_DEFINITION',
        message: expect.stringMatching(/^falaj\.yaml:2: /),
        hint: expect.stringContaining('YAML'),
      }),
    );
  });

  it('does not let aliases blow up', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
    expect(() => parseDocuments([{ file: 'falaj.yaml', text: bomb }])).toThrow(
      expect.objectContaining({ code: 'BAD_DEFINITION', hint: expect.stringContaining('aliases') }),
    );
  });
});

describe('planning and applying', () => {
  beforeEach(async () => {
    parts = await openParts([featuresMigrations]);
    definitions = new Definitions({
      ...parts,
      dataset: (name) =>
        name === 'flights' ? { columns: flightColumns, eventTime: 'date', knownTime: 'arrived_at' } : null,
    });
  });
  afterEach(() => parts.close());

  it('creates in the order of dependence, then finds nothing to change', () => {
    const both = oneFile(`${VIEW}---\n${AIRPORT}`);
    expect(definitions.plan(both).map(({ kind, change }) => [kind, change])).toEqual([
      ['Entity', 'create'],
      ['FeatureView', 'create'],
    ]);
    expect(definitions.list('Entity')).toEqual([]);
    definitions.apply(both);
    expect(definitions.get('FeatureView', 'airport_delay')).toMatchObject({
      version: 1,
      appliedAt: '2026-01-01T00:00:03.000Z',
    });
    expect(definitions.plan(both).every(({ change }) => change === 'unchanged')).toBe(true);
  });

  it('takes slices by features that a training makes', () => {
    const made = `${TRAINING}expressions: [{name: hour, expression: 'hour("date")'}]\nevaluate: {slices: [hour, origin]}\n`;
    expect(definitions.plan(oneFile(made)).map(({ change }) => change)).toEqual(['create']);
  });

  it('says what an update changes, and counts versions', () => {
    definitions.apply(oneFile(`${AIRPORT}---\n${VIEW}`));
    const changed = oneFile(VIEW.replace('ttl: 7d', 'ttl: 3d').replace('window: 24h', 'window: 12h'));
    expect(definitions.plan(changed)[0]).toEqual({
      kind: 'FeatureView',
      name: 'airport_delay',
      change: 'update',
      differences: ['ttl: "7d" → "3d"', 'features.mean_delay_24h.aggregate.window: "24h" → "12h"'],
    });
    definitions.apply(changed);
    expect(definitions.get('FeatureView', 'airport_delay').version).toBe(2);
  });

  it('deletes only with prune, and never what something else needs', () => {
    definitions.apply(oneFile(`${AIRPORT}---\n${VIEW}`));
    expect(definitions.plan(oneFile(AIRPORT)).map(({ change }) => change)).toEqual(['unchanged']);
    expect(definitions.plan(oneFile(AIRPORT, true)).map(({ change }) => change)).toEqual([
      'unchanged',
      'delete',
    ]);
    expect(() => definitions.apply(oneFile(VIEW, true))).toThrow('there is no Entity "airport"');
    expect(definitions.list('Entity')).toHaveLength(1);
  });

  it.each([
    ['a dataset that is not there', VIEW.replace('flights', 'flihgts'), 'there is no dataset "flihgts"'],
    [
      'a column that is not there',
      VIEW.replace('column: delay', 'column: dely'),
      'there is no column "dely"',
    ],
    [
      'a key of another type',
      VIEW.replace('airport: origin', 'airport: delay'),
      'key "airport" of airport is string, but column "delay" is int64',
    ],
    [
      'an event time that is not a time',
      VIEW.replace('  keys', '  eventTime: delay\n  keys'),
      'column "delay" is int64, not a time',
    ],
    [
      'the mean of text',
      VIEW.replace('of: delay', 'of: origin'),
      'falaj.yaml:14: feature "mean_delay_24h" asks for the mean of "origin", which is text.',
    ],
    [
      'the sum of an expression that is text',
      `${VIEW}  - {name: code, type: string, expression: lower(origin)}\n  - {name: codes, aggregate: {fn: sum, of: code, window: 1d}}\n`,
      'feature "codes" asks for the sum of "code", which is text.',
    ],
    [
      'slices by a column that is not there',
      `${TRAINING}evaluate: {slices: [delay, orign]}\n`,
      'falaj.yaml:12: there is no column "orign"',
    ],
    [
      'a split by a column that is not there',
      `${TRAINING}split: {by: group, group: orign}\n`,
      'falaj.yaml:12: there is no column "orign"',
    ],
    [
      'weights of a column that is not there',
      `${TRAINING}weight: dely\n`,
      'falaj.yaml:12: there is no column "dely"',
    ],
  ])('refuses %s and changes nothing', (_what, text, message) => {
    expect(() => definitions.apply(oneFile(`${AIRPORT}---\n${text}`))).toThrow(message);
    expect(definitions.list('Entity')).toEqual([]);
  });

  it('says what there is of text, and takes it', () => {
    const ofText = (fn: string) =>
      `${AIRPORT}---\n${VIEW.replace('fn: mean, of: delay', `fn: ${fn}, of: origin`)}`;
    expect(() => definitions.plan(oneFile(ofText('p50')))).toThrow(
      expect.objectContaining({ hint: 'Of text there are count, distinct_count and last.' }),
    );
    for (const fn of ['count', 'distinct_count', 'last']) definitions.apply(oneFile(ofText(fn)));
    expect(definitions.get('FeatureView', 'airport_delay').definition.features[1]).toMatchObject({
      aggregate: { fn: 'last', of: 'origin' },
    });
  });

  const pushed = (source: string): string => VIEW.replace(/source:\n.*\n.*\n/, `source: ${source}\n`);

  it('takes a view of pushed rows, whose columns are its keys and what its features read', () => {
    definitions.apply(oneFile(`${AIRPORT}---\n${pushed('{push: true, skew: 1m}')}`));
    expect(definitions.get('FeatureView', 'airport_delay').definition.source).toEqual({
      push: true,
      skew: '1m',
      keys: {},
    });
  });

  it.each([
    ['no source', '{}', 'A source is one of dataset, view, request and push'],
    [
      'pushed rows out of a dataset',
      '{push: true, dataset: flights}',
      'A source is one of dataset, view, request and push',
    ],
    ['a filter over pushed rows', '{push: true, filter: "delay > 0"}', 'pushed rows have no "filter"'],
    [
      'other names for the keys of pushed rows',
      '{push: true, keys: {airport: x}}',
      'name their keys as the entity does',
    ],
    [
      'a skew without pushed rows',
      '{dataset: flights, keys: {airport: origin}, skew: 1m}',
      '"skew" is for pushed rows only',
    ],
  ])('refuses %s, naming the line', (_what, source, message) => {
    const text = oneFile(`${AIRPORT}---\n${pushed(source)}`);
    expect(() => definitions.plan(text)).toThrow(message);
    expect(() => definitions.plan(text)).toThrow('falaj.yaml:8');
  });

  it('refuses a change that breaks a service which the files do not mention', () => {
    const service = 'kind: FeatureService\nname: delay_v1\nfeatures: ["airport_delay:last_delay"]\n';
    definitions.apply(oneFile(`${AIRPORT}---\n${VIEW}---\n${service}`));
    expect(() => definitions.apply(oneFile(VIEW.replace('last_delay', 'latest_delay')))).toThrow(
      'view "airport_delay" has no feature "last_delay"',
    );
  });

  it('names everything that a change or a removal would break, with what builds on it', () => {
    const rest = `${['a', 'b']
      .map((name) => `kind: FeatureService\nname: ${name}\nfeatures: ["airport_delay:last_delay"]\n`)
      .join('---\n')}---
kind: FeatureView
name: above
entities: [airport]
source: {view: base}
features: [{name: delay}]
---
kind: FeatureView
name: base
entities: [airport]
source: {dataset: flights, keys: {airport: origin}}
features: [{name: delay}]
---
kind: FeatureService
name: c
features: ["above:delay"]
---
kind: Training
name: fit
service: a
entities: {dataset: flights}
label: {column: delay}
task: regression
learner: {kind: linear}
`;
    definitions.apply(oneFile(`${AIRPORT}---\n${VIEW}---\n${rest}`));
    const broken = (text: string, prune = false): unknown => {
      try {
        definitions.plan(oneFile(text, prune));
        return [];
      } catch (error) {
        return (error as { details: { broken: readonly string[] } }).details.broken.toSorted();
      }
    };
    expect(broken(VIEW.replace('last_delay', 'latest_delay'))).toEqual([
      'FeatureService/a',
      'FeatureService/b',
      'Training/fit',
    ]);
    expect(broken(`${VIEW.replace('last_delay', 'latest_delay')}---\n${rest}`)).toEqual([
      'FeatureService/a',
      'FeatureService/b',
      'Training/fit',
    ]);
    const renamed = rest.replace('name: base', 'name: basis');
    expect(broken(`${AIRPORT}---\n${VIEW}---\n${renamed}`, true)).toEqual([
      'FeatureService/c',
      'FeatureView/above',
    ]);
    expect(broken(`${AIRPORT}---\n${VIEW}---\n${rest}`)).toEqual([]);
  });

  it('suggests the nearest name for one that is not there', () => {
    definitions.apply(oneFile(AIRPORT));
    expect(() => definitions.get('Entity', 'airprot')).toThrow(
      expect.objectContaining({ hint: 'Did you mean "airport"?' }),
    );
  });

  describe('the definition of a dataset', () => {
    const DATASET = `kind: Dataset
name: flights
eventTime: date
keys: [origin]
expectations:
  - {column: delay, range: [-60, 1000], maxShare: 0.01}
  - {columns: [date, origin], unique: true}
`;

    it('is planned and applied like any other, and may come before the dataset', () => {
      const ahead = DATASET.replace('name: flights', 'name: trains').replace('[origin]', '[number]');
      expect(definitions.plan(oneFile(ahead))).toMatchObject([
        { kind: 'Dataset', name: 'trains', change: 'create' },
      ]);
      definitions.apply(oneFile(`${ahead}---\n${DATASET}`));
      expect(definitions.find('Dataset', 'flights')?.definition).toMatchObject({
        keys: ['origin'],
        expectations: [{ maxShare: 0.01 }, { maxShare: 0 }],
      });
      expect(definitions.find('Dataset', 'ships')).toBeNull();
    });

    it.each([
      ['an expectation', 'column: delay', 'column: delya', 'falaj.yaml:6: there is no column "delya"'],
      ['its keys', 'keys: [origin]', 'keys: [orign]', 'falaj.yaml:4: there is no column "orign"'],
      [
        'its event time',
        'eventTime: date',
        'eventTime: delay',
        'falaj.yaml:3: column "delay" is int64, not a time',
      ],
    ])('is refused when %s does not fit the columns that are there', (_what, before, after, message) => {
      expect(() => definitions.apply(oneFile(DATASET.replace(before, after)))).toThrow(message);
    });
  });
});
