import { FalajError } from '../../../shared/errors.ts';

/** Where the next page of a list starts, in a form that callers only hand back. */
export const pageToken = (offset: number): string => Buffer.from(`offset:${offset}`).toString('base64url');

/** @throws BAD_INPUT for what {@link pageToken} did not make. */
export function pageOffset(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const match = /^offset:(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match !== null) return Number(match[1]);
  throw new FalajError('BAD_INPUT', 'page_token: this is not the token of a page.', {
    hint: 'Hand back next_page_token of the answer before, unchanged.',
    details: { field: 'page_token' },
  });
}
