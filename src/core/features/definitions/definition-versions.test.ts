import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AIRPORT, flightColumns, oneFile, VIEW } from '../../../../test/fixtures/airport-definitions.ts';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { featuresMigrations } from '../migrations.ts';
import { Definitions } from './definitions.ts';
import { describeHistory } from './describe-history.ts';

let parts: EngineParts;
let definitions: Definitions;

describe('versions of definitions', () => {
  const apply = (view: string, prune = false) => definitions.apply(oneFile(`${AIRPORT}---\n${view}`, prune));
  const wider = VIEW.replace('window: 24h', 'window: 48h');

  beforeEach(async () => {
    parts = await openParts([featuresMigrations]);
    definitions = new Definitions({
      ...parts,
      dataset: () => ({ columns: flightColumns, eventTime: 'date', knownTime: 'arrived_at' }),
    });
  });
  afterEach(() => parts.close());

  it('are kept, each with what it said', () => {
    apply(VIEW);
    apply(wider);
    const windows = ['airport_delay@1', 'airport_delay@2', 'airport_delay'].map(
      (reference) => definitions.revision('FeatureView', reference).definition.features[1]?.aggregate?.window,
    );
    expect(windows).toEqual(['24h', '48h', '48h']);
  });

  it.each([
    ['ttl', VIEW.replace('ttl: 7d', 'ttl: 3d')],
    ['owner', `${VIEW}owner: ops@example.ae\n`],
    ['tags', `${VIEW}tags: {team: ops}\n`],
    ['labels', `${VIEW}labels: [internal]\n`],
    ['description', `${VIEW}description: Delays\n`],
    ['online', `${VIEW}online: true\n`],
  ])('stay the same when only %s changes, which is recorded', (key, changed) => {
    apply(VIEW);
    apply(changed);
    const [newest, first] = definitions.history('FeatureView', 'airport_delay');
    expect([newest, first]).toMatchObject([
      { version: 1, revision: 2 },
      { version: 1, revision: 1 },
    ]);
    expect(newest?.digest).not.toBe(first?.digest);
    expect(definitions.revision('FeatureView', 'airport_delay@1')).toEqual(newest);
    expect(describeHistory([newest!, first!], 2)[0]).toMatchObject({
      differences: [expect.stringContaining(key)],
      inForce: true,
    });
  });

  it.each([
    ['a filter', VIEW.replace('dataset: flights', 'dataset: flights\n  filter: delay > 0')],
    ['another column', VIEW.replace('column: delay', 'column: arrived_at')],
    ['a feature more', `${VIEW}  - {name: delay}\n`],
  ])('are made by %s', (_what, changed) => {
    apply(VIEW);
    apply(changed);
    expect(definitions.get('FeatureView', 'airport_delay').version).toBe(2);
  });

  it('are not made by applying the same again', () => {
    apply(VIEW);
    apply(VIEW);
    expect(definitions.history('FeatureView', 'airport_delay')).toHaveLength(1);
  });

  it('outlive a deletion and count on after it', () => {
    apply(VIEW);
    definitions.apply(oneFile(AIRPORT, true));
    expect(() => definitions.revision('FeatureView', 'airport_delay')).toThrow('There is no FeatureView');
    expect(definitions.revision('FeatureView', 'airport_delay@1').version).toBe(1);
    apply(VIEW);
    expect(definitions.get('FeatureView', 'airport_delay').version).toBe(2);
    expect(definitions.history('FeatureView', 'airport_delay').map(({ version }) => version)).toEqual([2, 1]);
  });

  it('that are unknown are refused naming the known ones', () => {
    apply(VIEW);
    apply(wider);
    expect(() => definitions.revision('FeatureView', 'airport_delay@9')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', hint: 'Known are versions 1, 2.' }),
    );
  });

  it('can be what a service names, also the one that the same files make', () => {
    const service = (selection: string) => `kind: FeatureService\nname: delays\nfeatures: [${selection}]\n`;
    apply(VIEW);
    apply(`${wider}---\n${service('"airport_delay@1:last_delay", {view: airport_delay@2, as: wide}')}`);
    expect(() => apply(`${wider}---\n${service('"airport_delay@3:last_delay"')}`)).toThrow(
      'falaj.yaml:18: there is no version 3 of FeatureView "airport_delay".',
    );
    expect(() => apply(`${wider}---\n${service('"airport_delay@1:lst_delay"')}`)).toThrow(
      'view "airport_delay" has no feature "lst_delay"',
    );
  });

  it('are filled in from the definitions in force when a store gets the history', async () => {
    const older = { ...featuresMigrations, steps: featuresMigrations.steps.slice(0, 1) };
    const before = await openParts([older]);
    before.store
      .statement('INSERT INTO feature_definition VALUES (?, ?, 3, ?, 0)')
      .run(
        'Entity',
        'airport',
        '{"kind":"Entity","name":"airport","keys":[{"name":"airport","type":"string"}]}',
      );
    const [, step] = featuresMigrations.steps;
    for (const sql of step.split(';').filter((part) => part.trim() !== '')) before.store.statement(sql).run();
    const kept = new Definitions({ ...before, dataset: () => null });
    expect(kept.revision('Entity', 'airport@3')).toMatchObject({ version: 3, revision: 1 });
    expect(() => kept.revision('Entity', 'airport@1')).toThrow('There is no version 1');
    before.close();
  });
});
