import type { z } from 'zod';

type Schema = z.core.JSONSchema.JSONSchema;

/** The keys that may stand at a path of a document: those of every form that what is written there may have. */
export function knownKeys(root: Schema, document: unknown, path: readonly PropertyKey[]): string[] {
  let schemas = fitting(forms(root, root), document);
  let value = document;
  for (const part of path) {
    value = isRecord(value) ? value[String(part)] : undefined;
    schemas = schemas.flatMap((schema) => within(schema, part)).flatMap((schema) => forms(schema, root));
    schemas = fitting(schemas, value);
  }
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** A schema's alternatives, without references. */
function forms(schema: Schema, root: Schema): Schema[] {
  const { $ref: reference } = schema;
  if (reference !== undefined) {
    const target = root.$defs?.[reference.replace('#/$defs/', '')];
    return target === undefined ? [] : forms(target, root);
  }
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [
    schema,
    ...alternatives.flatMap((one) => (typeof one === 'boolean' ? [] : forms(one as Schema, root))),
  ];
}

/** Leaves out forms that another constant tells apart, such as the kind. */
const fitting = (schemas: readonly Schema[], value: unknown): Schema[] =>
  schemas.filter((schema) =>
    Object.entries(schema.properties ?? {}).every(([name, property]) => {
      const written = isRecord(value) ? value[name] : undefined;
      return (
        typeof property === 'boolean' ||
        property.const === undefined ||
        written === undefined ||
        property.const === written
      );
    }),
  );

function within(schema: Schema, part: PropertyKey): Schema[] {
  const inside =
    typeof part === 'number'
      ? [schema.items].flat()
      : [schema.properties?.[String(part)] ?? schema.additionalProperties];
  return inside.filter((one): one is Schema => typeof one === 'object');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
