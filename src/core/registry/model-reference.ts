import { FalajError } from '../../shared/errors.ts';
import { NAME_PATTERN } from '../../shared/names.ts';

/** Which version of a model is meant: `name` (the newest), `name@alias` or `name:version`. */
export type ModelReference =
  | { readonly name: string; readonly kind: 'latest' }
  | { readonly name: string; readonly kind: 'alias'; readonly alias: string }
  | { readonly name: string; readonly kind: 'version'; readonly version: number };

export function parseModelReference(text: string): ModelReference {
  const match = /^([^@:]+)(?:@([^@:]+)|:(\d{1,9}))?$/.exec(text.trim());
  const [, name, alias, version] = match ?? [];
  if (
    name === undefined ||
    !NAME_PATTERN.test(name) ||
    (alias !== undefined && !NAME_PATTERN.test(alias)) ||
    version === '0'
  ) {
    throw new FalajError('BAD_NAME', `"${text}" does not name a model.`, {
      hint: 'Write NAME, NAME@ALIAS or NAME:VERSION.',
    });
  }
  if (alias !== undefined) return { name, kind: 'alias', alias };
  if (version !== undefined) return { name, kind: 'version', version: Number(version) };
  return { name, kind: 'latest' };
}
