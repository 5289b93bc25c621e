import { describe, expect, it } from 'vitest';
import { datasetUsers } from './dataset-users.ts';

describe('who reads a dataset', () => {
  it('are views and trainings that name it', () => {
    const views = [
      { definition: { name: 'arrivals', source: { dataset: 'flights' } } },
      { definition: { name: 'pushed', source: {} } },
      { definition: { name: 'visits', source: { dataset: 'shops' } } },
    ];
    const trainings = [{ name: 'late', entities: { dataset: 'flights' } }];
    expect(datasetUsers('flights', views, trainings)).toEqual({ views: ['arrivals'], trainings: ['late'] });
    expect(datasetUsers('weather', views, trainings)).toEqual({ views: [], trainings: [] });
  });
});
