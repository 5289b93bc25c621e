import { expect, it } from 'vitest';
import { isRunRead, readerOf } from './run-reader.ts';

it('lets a program of a run read data and features, and nothing else', () => {
  for (const [method, path] of [
    ['GET', '/api/data'],
    ['GET', '/api/data/flights/rows'],
    ['POST', '/api/data/flights/export'],
    ['POST', '/api/features/historical'],
    ['POST', '/api/features/views/delay/as-of'],
    ['GET', '/api/jobs/j1'],
  ] as const)
    expect([path, isRunRead(method, path)]).toEqual([path, true]);
  for (const [method, path] of [
    ['POST', '/api/data'],
    ['DELETE', '/api/data/flights'],
    ['POST', '/api/features/push'],
    ['POST', '/api/definitions/apply'],
    ['POST', '/api/jobs/j1/cancel'],
    ['GET', '/api/runs'],
    ['POST', '/api/scripts'],
    ['POST', '/rpc/data/list'],
  ] as const)
    expect([path, isRunRead(method, path)]).toEqual([path, false]);
});

it('takes a short word as what a read is for', () => {
  expect(readerOf({ headers: {} }, 'r1')).toEqual({ run: 'r1', context: null });
  expect(readerOf({ headers: { 'falaj-context': 'training' } }, 'r1')).toEqual({
    run: 'r1',
    context: 'training',
  });
  expect(() => readerOf({ headers: { 'falaj-context': 'two words' } }, 'r1')).toThrowError(
    expect.objectContaining({ code: 'BAD_INPUT' }),
  );
});
