import { describe, expect, it } from 'vitest';
import type { FeatureViewInfo } from '../contract/types.ts';
import { featureViewDefinition } from '../definitions/features.ts';
import { catalogueEntries } from './catalogue-entry.ts';
import { chosenEntries, type FacetSelection, facetValues } from './catalogue-facets.ts';
import { CatalogueSearch } from './catalogue-search.ts';

const NOW = Date.UTC(2026, 0, 31);
const ago = (days: number): string => new Date(NOW - days * 86_400_000).toISOString();

function view(
  definition: Record<string, unknown>,
  facts: Partial<Pick<FeatureViewInfo, 'usedBy' | 'rowsImportedAt'>> = {},
): FeatureViewInfo {
  return {
    definition: featureViewDefinition.parse({ kind: 'FeatureView', ...definition }),
    version: 1,
    appliedAt: ago(1),
    usedBy: [],
    rowsImportedAt: null,
    ...facts,
  };
}

const views = [
  view(
    {
      name: 'departures',
      entities: ['airport'],
      source: { dataset: 'flights' },
      owner: 'amal@example.ae',
      tags: { team: 'ops' },
      labels: ['public'],
      online: true,
      description: 'How late the flights that left an airport were.',
      features: [
        { name: 'delay_mean_7d', aggregate: { fn: 'mean', of: 'delay', window: '7d' } },
        { name: 'last_delay', column: 'delay' },
        { name: 'far', type: 'bool', expression: 'distance > 1500' },
      ],
    },
    { usedBy: ['delay_v1'], rowsImportedAt: ago(0.5) },
  ),
  view(
    {
      name: 'delay',
      entities: ['route'],
      source: { dataset: 'flights' },
      owner: 'badr@example.ae',
      tags: { team: 'ops', tier: 'gold' },
      features: [{ name: 'mean', aggregate: { fn: 'mean', of: 'late', window: '1d' } }],
    },
    { rowsImportedAt: ago(20) },
  ),
  view({
    name: 'battery',
    entities: ['driver'],
    source: { push: true },
    description: 'Zustand der Batterie, täglich',
    features: [{ name: 'level' }],
  }),
];
const entries = catalogueEntries(views);
const search = new CatalogueSearch(entries);
const find = (text: string): string[] => search.find(text).map(({ id }) => id);

describe('searching the catalogue', () => {
  it('lists the views, and no features, until something is searched for', () => {
    expect(find(' ')).toEqual(['departures', 'delay', 'battery']);
  });

  it('puts a whole name before its start, that before a later word, and columns last', () => {
    expect(find('delay')).toEqual([
      'delay',
      'departures:delay_mean_7d',
      'departures:last_delay',
      // its columns are called so, and its service
      'departures',
    ]);
  });

  it('needs every word, wherever each is', () => {
    expect(find('mean flights')).toEqual(['delay:mean', 'departures:delay_mean_7d']);
    expect(find('amal 1500')).toEqual(['departures:far', 'departures']);
    expect(find('mean battery')).toEqual([]);
  });

  it('lists a feature for what is its own, not for all that its view is', () => {
    expect(find('badr')).toEqual(['delay']);
    expect(find('delay_v1')).toEqual(['departures']);
    expect(find('team=ops')).toEqual(['delay', 'departures']);
  });

  it('takes view:feature as a person copies it, and looks past case and accents', () => {
    expect(find('Departures:FAR')[0]).toBe('departures:far');
    expect(find('taglich')).toEqual(['battery']);
  });

  it('takes marks of regular expressions as they are', () => {
    expect(find('(delay')).toEqual([]);
    expect(find('distance >')).toEqual(['departures:far', 'departures']);
  });
});

describe('the facets of the catalogue', () => {
  const choose = (selection: FacetSelection, text = ''): string[] =>
    chosenEntries(search.find(text), selection, NOW).map(({ id }) => id);
  const counts = (facet: Parameters<typeof facetValues>[0], selection: FacetSelection, text = '') =>
    Object.fromEntries(
      facetValues(facet, search.find(text), selection, { views, nowMs: NOW }).map(
        ({ value, views: count }) => [value, count],
      ),
    );

  it('take any value of one facet, and all facets together', () => {
    expect(choose({ entity: ['airport', 'driver'] })).toEqual(['departures', 'battery']);
    expect(choose({ entity: ['airport', 'driver'], source: ['push'] })).toEqual(['battery']);
    expect(choose({ online: ['yes'] })).toEqual(['departures', 'battery']);
    expect(choose({ used: ['no'], tag: ['team=ops'] })).toEqual(['delay']);
    expect(choose({ fresh: ['day'] })).toEqual(['departures']);
    expect(choose({ fresh: ['month', 'unknown'] })).toEqual(['delay', 'battery']);
  });

  it('narrow the features that a search found as well', () => {
    expect(choose({ entity: ['route'] }, 'mean')).toEqual(['delay:mean']);
  });

  it('count what each value would leave beside the other choices, not beside its own facet', () => {
    expect(counts('entity', {})).toEqual({ airport: 1, driver: 1, route: 1 });
    expect(counts('entity', { tag: ['team=ops'], entity: ['airport'] })).toEqual({
      airport: 1,
      driver: 0,
      route: 1,
    });
    expect(counts('tag', { source: ['push'] })).toEqual({ 'team=ops': 0, 'tier=gold': 0 });
  });

  it('count views once, however many of their features were found', () => {
    expect(counts('owner', {}, 'delay')).toEqual({ 'amal@example.ae': 1, 'badr@example.ae': 1 });
  });

  it('keep a chosen value in sight that no view has', () => {
    expect(counts('owner', { owner: ['gone'] })).toMatchObject({ gone: 0 });
    expect(choose({ owner: ['gone'] })).toEqual([]);
  });
});
