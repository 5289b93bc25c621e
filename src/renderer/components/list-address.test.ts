import { describe, expect, it } from 'vitest';
import { withList } from './list-address.ts';

describe('an address in the room of a list', () => {
  it('keeps what the list is narrowed and ordered by, and nothing else', () => {
    expect(withList('/runs/7', '?filter=metrics.auc+%3E+0.9&order=-started&file=model.onnx')).toBe(
      '/runs/7?filter=metrics.auc+%3E+0.9&order=-started',
    );
    expect(withList('/features', 'q=delay&entity=airport&entity=route&at=2001')).toBe(
      '/features?q=delay&entity=airport&entity=route',
    );
  });

  it('lets the address have the last word', () => {
    expect(withList('/runs?experiment=fraud', 'experiment=churn&trials=yes')).toBe(
      '/runs?experiment=fraud&trials=yes',
    );
  });

  it('is the address itself where nothing is narrowed', () => {
    expect(withList('/runs/7', '')).toBe('/runs/7');
    expect(withList('/runs/compare?ids=a,b', 'ids=c')).toBe('/runs/compare?ids=a,b');
  });
});
