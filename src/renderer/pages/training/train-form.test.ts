import { describe, expect, it } from 'vitest';
import { trainingDefinition } from '../../../shared/definitions/training.ts';
import { objectivesOf } from './search-form.ts';
import {
  addressOf,
  definitionOf,
  EMPTY_FORM,
  formOf,
  missingOf,
  type TrainForm,
  trainCommand,
} from './train-form.ts';

const inferred = { task: 'binary', columns: ['age', 'city'] } as const;
const chosen: TrainForm = { ...EMPTY_FORM, name: 'late', dataset: 'orders', label: 'late' };

describe('the form of a new training', () => {
  it('is what its address says, whatever was chosen', () => {
    const form: TrainForm = {
      ...chosen,
      columns: ['age'],
      rule: true,
      label: "delay > 15 AND city = 'دبي'",
      learner: 'mlp',
      settings: { hidden: '64, 32' },
      trials: 20,
      objectives: ['auc', 'fitSeconds'],
      choose: 'fitSeconds',
      within: '0.5',
      priority: 'high',
    };
    const address = addressOf(form);
    expect(formOf(address.slice(address.indexOf('?')))).toEqual(form);
    expect(addressOf(EMPTY_FORM)).toBe('/training/~new');
  });

  it('begins anew at an address that is not one of its own, and leaves out what is not of its kind', () => {
    expect(formOf('?form=%7Bcut')).toEqual(EMPTY_FORM);
    const odd = JSON.stringify({ name: 7, columns: [1], settings: null, other: 'x', dataset: 'orders' });
    expect(formOf(`?form=${encodeURIComponent(odd)}`)).toEqual({ ...EMPTY_FORM, dataset: 'orders' });
  });

  it('says what is missing', () => {
    expect(missingOf(EMPTY_FORM, { task: null, columns: [] })).toEqual(['data', 'label', 'features', 'name']);
    expect(missingOf(chosen, inferred)).toEqual([]);
    expect(missingOf({ ...chosen, columns: [] }, inferred)).toEqual(['features']);
    expect(missingOf({ ...chosen, columns: [], service: 'orders' }, inferred)).toEqual([]);
    expect(missingOf(chosen, { ...inferred, task: null })).toEqual(['label']);
  });

  it.each<[string, Partial<TrainForm>, object]>([
    ['auto', {}, { learner: { kind: 'auto', timeLimit: '10m', trials: 30 }, columns: ['age', 'city'] }],
    [
      'trees with a search',
      { learner: 'gbdt', settings: { trees: '300', earlyStopping: ' ' }, trials: 12 },
      { learner: { kind: 'gbdt', trees: 300 }, tune: { trials: 12 } },
    ],
    ['a search by folds', { learner: 'linear', trials: 5, folds: 4 }, { tune: { trials: 5, folds: 4 } }],
    ['auto by folds', { folds: 3 }, { learner: { kind: 'auto', folds: 3 } }],
    [
      'a search by another metric',
      { learner: 'linear', trials: 5, objectives: ['brier'] },
      { tune: { metric: 'brier' } },
    ],
    [
      'a search of several objectives, with a space that makes models smaller',
      { learner: 'gbdt', trials: 5, objectives: ['auc', 'modelBytes', 'fitSeconds'], choose: 'knee' },
      {
        tune: {
          objectives: [{ metric: 'auc' }, { metric: 'modelBytes' }, { metric: 'fitSeconds' }],
          choose: 'knee',
          space: { trees: { logInt: [10, 500] }, leaves: { logInt: [4, 128] } },
        },
      },
    ],
    [
      'the cheapest that is nearly as good',
      {
        learner: 'linear',
        trials: 5,
        objectives: ['auc', 'parameters'],
        choose: 'parameters',
        within: '0.01',
      },
      { tune: { choose: { metric: 'parameters', within: 0.01 }, space: { l1: {} } } },
    ],
    [
      'the metric of all learners, which have no cost in common',
      { objectives: ['brier', 'trees'], choose: 'trees' },
      { learner: { kind: 'auto', metric: 'brier' } },
    ],
    ['a linear model', { learner: 'linear', trials: 5 }, { tune: { trials: 5 } }],
    [
      'a network of a service, and a column more',
      { learner: 'mlp', settings: { hidden: '64, 32' }, trials: 5, service: 'orders', columns: ['age'] },
      { learner: { kind: 'mlp', hidden: [64, 32] }, service: 'orders', columns: ['age'] },
    ],
    [
      'a rule, split by groups, registered',
      { rule: true, label: 'delay > 15', splitBy: 'group', group: 'city', model: 'late' },
      {
        label: { column: 'label', expression: 'delay > 15' },
        split: { by: 'group', group: 'city', test: 0.2 },
        register: { model: 'late' },
      },
    ],
  ])('describes a definition that the engine takes: %s', (_name, more, expected) => {
    const definition = definitionOf({ ...chosen, ...more }, inferred);
    expect(trainingDefinition.parse(definition)).toMatchObject(expected);
  });

  it('judges by what the label and the learner have, and by how good the model is first', () => {
    const of = (more: Partial<TrainForm>) =>
      objectivesOf({ ...chosen, learner: 'gbdt', trials: 5, ...more }, 'regression');
    expect(of({})).toEqual(['rmse']);
    expect(of({ objectives: ['auc', 'trees', 'parameters'] })).toEqual(['rmse', 'trees']);
    expect(of({ objectives: ['trees', 'mae', 'mae'] })).toEqual(['mae', 'trees']);
    expect(of({ objectives: ['mae', 'trees'], learner: 'mlp' })).toEqual(['mae']);
  });

  it('keeps the trees that were set by hand out of the search', () => {
    const form = { ...chosen, learner: 'gbdt', trials: 5, objectives: ['auc', 'modelBytes'] } as const;
    const spaceOf = (settings: TrainForm['settings']) =>
      trainingDefinition.parse(definitionOf({ ...form, settings }, inferred)).tune?.space;
    expect(spaceOf({})).toHaveProperty('trees');
    expect(spaceOf({ trees: '300' })).not.toHaveProperty('trees');
  });

  it('has a command that does the same', () => {
    expect(trainCommand({ ...chosen, priority: 'high' })).toBe('falaj train -f late.yaml --priority high');
  });
});
