import { describe, expect, it } from 'vitest';
import { orderKey, orderText, readOrder, readRunQuery } from './run-query.ts';

describe('the search field of the runs', () => {
  it('tells conditions from text', () => {
    expect(readRunQuery("metrics.auc > 0.9 and params.learner = 'gbdt'")).toHaveProperty('filter');
    expect(readRunQuery("tags.owner LIKE 'sa%'")).toHaveProperty('filter');
    expect(readRunQuery('metrics.')).toHaveProperty('filter');
    expect(readRunQuery('  nightly run ')).toEqual({ text: 'nightly run' });
    expect(readRunQuery('parameters of the run')).toEqual({ text: 'parameters of the run' });
    expect(readRunQuery('تجربة')).toEqual({ text: 'تجربة' });
  });
});

describe('the order of a column', () => {
  it('is one that the search understands, whatever the name', () => {
    expect(orderKey('metric.val/loss')).toBe('metrics."val/loss"');
    expect(orderKey('param.a.b')).toBe('params."a.b"');
    expect(orderKey('tag.it"s')).toBe('tags.`it"s`');
    expect(orderKey('started')).toBe('attributes.start_time');
    expect(orderKey('gain')).toBeNull();
  });
});

describe('the order in an address', () => {
  it('is read as it was written', () => {
    for (const order of [
      { id: 'metric.val/loss', descending: true },
      { id: 'started', descending: false },
    ])
      expect(readOrder(orderText(order))).toEqual(order);
  });

  it('is none where no search orders by it', () => {
    expect(readOrder('-gain')).toBeNull();
    expect(readOrder(null)).toBeNull();
  });
});
