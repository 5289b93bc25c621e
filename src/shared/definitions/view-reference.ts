import { z } from 'zod';
import { FalajError } from '../errors.ts';

/** A definition as a request names it: `sales` is the one in force, `sales@2` that version of it. */
export interface VersionedName {
  readonly name: string;
  /** Null for the one in force. */
  readonly version: number | null;
}

const REFERENCE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,127})(?:@([1-9]\d{0,8}))?$/;

export const viewReferenceSchema = z.string().regex(REFERENCE, 'A name, or name@version such as sales@2');

/** Throws BAD_INPUT for anything but `name` and `name@version`. */
export function parseViewReference(reference: string): VersionedName {
  const match = REFERENCE.exec(reference);
  if (match === null) {
    throw new FalajError('BAD_INPUT', `"${reference}" does not name a feature view.`, {
      hint: 'Write its name, or name@version such as sales@2.',
    });
  }
  return { name: match[1]!, version: match[2] === undefined ? null : Number(match[2]) };
}

/** `view:feature`, `view:*` or `view@2:feature` in its two parts. Throws BAD_INPUT. */
export function parseFeatureReference(text: string): { view: string; feature: string } {
  const parts = text.split(':');
  if (parts.length !== 2 || parts[0] === '' || parts[1] === '') {
    throw new FalajError('BAD_INPUT', `"${text}" does not name a feature.`, {
      hint: 'Write view:feature, view:* for all of a view, or view@2:feature for an older version.',
    });
  }
  return { view: parts[0]!, feature: parts[1]! };
}

/** The view that a service's selection names. */
export const viewReferenceOf = (selection: string | { readonly view: string }): string =>
  typeof selection === 'string' ? parseFeatureReference(selection).view : selection.view;
