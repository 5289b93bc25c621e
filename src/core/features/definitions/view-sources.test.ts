import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { flightsDefinitions } from '../../../../test/fixtures/flights-definitions.ts';
import { featuresMigrations } from '../migrations.ts';
import type { Definitions } from './definitions.ts';

const ENTITY = `kind: Entity
name: airport
keys: [{name: airport, type: string}]
---
`;
const BASE = `kind: FeatureView
name: base
entities: [airport]
source: {dataset: flights}
features:
  - {name: delay}
  - {name: late, type: bool, expression: "delay > 15"}
`;
const OUTER = `kind: FeatureView
name: outer
entities: [airport]
source: {view: base, filter: "delay > 0"}
features:
  - {name: late_share_1d, aggregate: {fn: mean, of: late, window: 1d}}
`;
const REQUEST = `kind: FeatureView
name: asked
entities: [airport]
source:
  request: [{name: distance, type: float64}]
features:
  - {name: far, type: bool, expression: "distance > 1000"}
`;

let parts: EngineParts;
let definitions: Definitions;

beforeAll(async () => {
  parts = await openParts([featuresMigrations]);
  definitions = flightsDefinitions(parts);
});
afterAll(() => parts.close());

const plan = (text: string) =>
  definitions.plan({ documents: [{ file: 'falaj.yaml', text: ENTITY + text }], prune: false });

describe('a view on a view', () => {
  it('may read its columns and expressions, in any order of documents', () => {
    expect(plan(`${OUTER}---\n${BASE}`)).toHaveLength(3);
  });

  it.each([
    ['a view that is not there', OUTER.replace('view: base', 'view: bass'), 'there is no FeatureView "bass"'],
    ['a feature that is not there', OUTER.replace('of: late', 'of: lat'), 'there is no column "lat"'],
    ['itself', OUTER.replace('view: base', 'view: outer'), 'in a circle: outer → outer'],
    [
      'other entities',
      OUTER.replace('[airport]', '[]'),
      'the entities must be those of view "base": airport.',
    ],
    [
      'times of its own',
      OUTER.replace('view: base', 'view: base, eventTime: at'),
      'the times are those of view',
    ],
    [
      'keys of its own',
      OUTER.replace('view: base', 'view: base, keys: {airport: a}'),
      'the keys are those of view',
    ],
    ['a dataset as well', OUTER.replace('view: base', 'view: base, dataset: flights'), 'A source is one of'],
    ['neither', OUTER.replace('view: base, ', ''), 'falaj.yaml:16: source: A source is one of'],
  ])('may not name %s', (_what, text, message) => {
    expect(() => plan(`${BASE}---\n${text}`)).toThrow(message);
  });

  it('may not go round in a circle, which names the way and the line', () => {
    const second = OUTER.replace('outer', 'second')
      .replace('view: base', 'view: outer')
      .replace('mean', 'last');
    const rowWise = (text: string) =>
      text.replace(/features:[\s\S]*/, 'features: [{name: late, expression: "1 = 1"}]\n');
    const circle = `${rowWise(OUTER).replace('view: base', 'view: second')}---\n${rowWise(second)}`;
    expect(() => plan(`${BASE}---\n${circle}`)).toThrow(
      'falaj.yaml:16: views read each other in a circle: outer → second → outer',
    );
  });

  it('may not read windows or requests, which have no rows', () => {
    const third = OUTER.replace('name: outer', 'name: third').replace('view: base', 'view: outer');
    expect(() => plan(`${BASE}---\n${OUTER}---\n${third}`)).toThrow('has a windowed feature "late_share_1d"');
    expect(() => plan(`${REQUEST}---\n${OUTER.replace('view: base', 'view: asked')}`)).toThrow(
      'is computed from requests and has no history',
    );
  });
});

describe('a view on requests', () => {
  it('has expressions', () => {
    expect(plan(REQUEST)).toHaveLength(2);
  });

  it.each([
    [
      'a ttl',
      REQUEST.replace('source:', 'ttl: 7d\nsource:'),
      'falaj.yaml:8: features of a request are never old',
    ],
    [
      'an aggregate',
      `${REQUEST}  - {name: mean, aggregate: {fn: mean, of: distance, window: 1d}}\n`,
      'falaj.yaml:12: feature "mean" of a request must be an expression: there is no history to aggregate.',
    ],
    [
      'a column',
      `${REQUEST}  - {name: distance}\n`,
      'falaj.yaml:12: feature "distance" of a request must be an',
    ],
    ['a filter', REQUEST.replace('  request', '  filter: "true"\n  request'), 'leave filter out'],
    ['a key again', REQUEST.replace('name: distance', 'name: airport'), 'column "airport" is there already'],
    ['an unknown type', REQUEST.replace('float64', 'double'), 'falaj.yaml:9: source.request.0.type'],
  ])('may not have %s', (_what, text, message) => {
    expect(() => plan(text)).toThrow(message);
  });

  it('may be mapped in a service by its columns and keys, and nothing else', () => {
    const service = (key: string) =>
      `${REQUEST}---\nkind: FeatureService\nname: s\nfeatures:\n  - {view: asked, keys: {${key}: miles}}\n`;
    expect(plan(service('distance'))).toHaveLength(3);
    expect(() => plan(service('distanc'))).toThrow('falaj.yaml:16: view "asked" has no key "distanc".');
  });
});

describe('a column', () => {
  it('may not be hidden by an expression of its name', () => {
    const hidden = `${BASE.replace('name: delay', 'name: raw, column: delay')}  - {name: delay, expression: "1"}\n`;
    expect(() => plan(hidden)).toThrow(
      'falaj.yaml:10: column "delay" is hidden by the expression of that name.',
    );
  });
});

describe('a zone', () => {
  const zoned = BASE.replace('dataset: flights', 'dataset: flights, eventTime: day, zone: Asia/Dubai');

  it('says where the days of a date column start', () => {
    expect(plan(zoned)).toHaveLength(2);
  });

  it('is refused where it would say nothing, or is none', () => {
    expect(() => plan(zoned.replace('eventTime: day', 'eventTime: at'))).toThrow(
      'falaj.yaml:8: a zone says where the days of a date column start, but "at" is a timestamp.',
    );
    expect(() => plan(zoned.replace('Dubai', 'Dubay'))).toThrow(
      'source.zone: A time zone such as Asia/Dubai',
    );
  });
});
