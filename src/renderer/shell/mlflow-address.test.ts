import { describe, expect, it } from 'vitest';
import { addressOfMlflowLink } from './mlflow-address.ts';

describe('links of MLflow’s client', () => {
  it.each([
    ['#/experiments/73a2/runs/8fb7', '/runs/8fb7'],
    ['#/experiments/73a2/runs/8fb7/model-metrics?x=1', '/runs/8fb7'],
    ['#/experiments/73a2', '/runs'],
    ['#/models/risk/versions/2', '/models/risk/2'],
    ['#/models/risk', '/models/risk'],
    ['#top', null],
    ['', null],
  ])('%s leads to %s', (hash, address) => {
    expect(addressOfMlflowLink(hash)).toBe(address);
  });
});
