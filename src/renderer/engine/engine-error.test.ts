import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { fromWire } from './engine-error.ts';

describe('errors that crossed the door', () => {
  it('keep code, message, hint and details', () => {
    const error = fromWire(
      new ORPCError('FILE_NOT_FOUND', {
        message: 'No such file.',
        data: { hint: 'Look again.', details: { file: 'a.csv' } },
      }),
    );
    expect(error).toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: 'No such file.',
      hint: 'Look again.',
      details: { file: 'a.csv' },
    });
  });

  it('are ENGINE_GONE when nothing answers', () => {
    expect(fromWire(new TypeError('Failed to fetch')).code).toBe('ENGINE_GONE');
  });

  it('are CANCELLED when the page let go', () => {
    expect(fromWire(new DOMException('aborted', 'AbortError')).code).toBe('CANCELLED');
  });

  it('are INTERNAL when the code is unknown, whatever was thrown', () => {
    expect(fromWire(new ORPCError('SOMETHING_ELSE', { message: 'x' })).code).toBe('INTERNAL');
    expect(fromWire('text').code).toBe('INTERNAL');
    expect(fromWire(null).code).toBe('INTERNAL');
  });
});
