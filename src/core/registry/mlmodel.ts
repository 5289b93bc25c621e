import { Lexer, parseDocument } from 'yaml';
import { z } from 'zod';
import type { TensorSpec } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { FolderMetadata } from './folder-metadata.ts';

export const MLMODEL_FILE = 'MLmodel';
/** Signatures of ten thousand columns fit; a reader of untrusted YAML needs an end. */
export const MLMODEL_LIMIT_BYTES = 2 * 1024 * 1024;

/** Bytes alone do not bound the work: what is nested or full of keys takes more of it. Long texts are one token each. */
const TOKEN_LIMIT = 20_000;
const ALIAS_LIMIT = 100;
const FLAVOR_LIMIT = 50;
/** What every flavour can be loaded as beside its own. */
const GENERIC_FLAVOR = 'python_function';

const mlmodel = z.object({
  flavors: z.record(z.string().min(1).max(100), z.unknown()).default({}),
  signature: z.object({ inputs: z.string().nullish(), outputs: z.string().nullish() }).nullish(),
});

/**
 * Reads what an MLmodel file says: data only, with the tags of programming languages taken for plain text.
 * Throws MALFORMED_FILE.
 */
export function parseMlmodel(
  text: string,
): Pick<FolderMetadata, 'framework' | 'flavors' | 'inputs' | 'outputs'> {
  const { flavors, signature } = shapeOf(text);
  const names = Object.keys(flavors).sort();
  if (names.length > FLAVOR_LIMIT) throw malformed(`it names ${names.length} flavours`);
  const own = names.find((name) => name !== GENERIC_FLAVOR);
  return {
    framework: `mlflow-${own ?? (names.length > 0 ? 'pyfunc' : 'unknown')}`,
    flavors: names,
    inputs: specsOf(signature?.inputs),
    outputs: specsOf(signature?.outputs),
  };
}

function shapeOf(text: string): z.output<typeof mlmodel> {
  let tokens = 0;
  for (const _ of new Lexer().lex(text))
    if (++tokens > TOKEN_LIMIT) throw malformed('it holds more than the description of a model');
  let value: unknown;
  try {
    // Comparing every key with every other takes a second for a few thousand of them.
    const document = parseDocument(text, { schema: 'core', logLevel: 'silent', uniqueKeys: false });
    if (document.errors.length > 0) throw document.errors[0]!;
    value = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (cause) {
    throw malformed('it is not YAML', cause);
  }
  const result = mlmodel.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw malformed(`${issue.path.join('.') || 'the whole'}: ${issue.message}`);
}

const columnSpec = z.object({ type: z.string().max(200), name: z.string().max(1000).optional() });
const arraySpec = z.object({
  name: z.string().max(1000).optional(),
  'tensor-spec': z.object({ dtype: z.string().max(200), shape: z.array(z.number().int()).max(32) }),
});
const specs = z.array(z.union([arraySpec, columnSpec])).max(20_000);

/** What is fed or given, where the signature says so in a way that is known; nothing where it does not. */
function specsOf(json: string | null | undefined): TensorSpec[] {
  if (json === null || json === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw malformed('its signature is not JSON', cause);
  }
  const result = specs.safeParse(value);
  if (!result.success) return [];
  return result.data.map((spec, index) => {
    const name = spec.name ?? String(index);
    if ('tensor-spec' in spec)
      return { name, type: spec['tensor-spec'].dtype, shape: spec['tensor-spec'].shape };
    return { name, type: spec.type, shape: [-1] };
  });
}

const malformed = (why: string, cause?: unknown): FalajError =>
  new FalajError('MALFORMED_FILE', `The file MLmodel cannot be read: ${why}.`, {
    hint: 'Log the model again with the client of MLflow.',
    cause,
  });
