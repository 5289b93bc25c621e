import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../../../trust/canonical-json.ts';
import type { Definition, DefinitionKind } from './definition.ts';

/** Keys that say something about a definition and nothing about the values or the schema it gives. */
const METADATA: Readonly<Record<DefinitionKind, readonly string[]>> = {
  Dataset: ['owner', 'description'],
  Entity: ['description'],
  FeatureView: ['ttl', 'owner', 'tags', 'labels', 'description', 'online'],
  FeatureService: ['owner', 'description', 'log'],
  Training: [],
};

/** Whether a change makes a new version: one of metadata alone does not. */
export function changesVersion(before: Definition, after: Definition): boolean {
  return !isDeepStrictEqual(withoutMetadata(before), withoutMetadata(after));
}

const withoutMetadata = (definition: Definition): object =>
  Object.fromEntries(Object.entries(definition).filter(([key]) => !METADATA[definition.kind].includes(key)));

/** SHA-256 of the definition as it was stored, in canonical form: defaults added by a later version do not change it. */
export const bodyDigest = (body: string): string =>
  createHash('sha256')
    .update(canonicalJson(JSON.parse(body) as object))
    .digest('hex');
