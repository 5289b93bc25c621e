import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { z } from 'zod';
import type { DigestedFile } from './sign-model.ts';
import { hashOfKey, keyHint } from './signing-keys.ts';
import {
  bundleSchema,
  isContainedPath,
  preAuthEncoding,
  rootDigest,
  type SignedResource,
  statementSchema,
  USUAL_IGNORED_PATHS,
} from './statement.ts';

export type SignedFileStatus = 'ok' | 'changed' | 'missing' | 'extra';

export interface ModelSignatureCheck {
  readonly verified: boolean;
  /** A sentence: what was proven, or the first thing that is wrong. */
  readonly reason: string;
  /** Root digest that was signed; null when no signed statement could be read. */
  readonly digest: string | null;
  readonly folderName: string | null;
  /** Each signed file and each file that is there without being signed. Empty when the signature itself is not good. */
  readonly files: readonly { readonly path: string; readonly status: SignedFileStatus }[];
  readonly warnings: readonly string[];
}

export interface VerifyModelOptions {
  /** Text of `model.sig`. */
  readonly signature: string;
  /** Every file of the model folder, with the digest of the bytes that are there. */
  readonly files: readonly DigestedFile[];
  readonly publicKeyPem: string;
  /** Where the signature itself lies in the folder, when it is not `model.sig`: the one more path that it leaves out. */
  readonly signaturePath?: string;
}

const MAX_SIGNATURE_CHARACTERS = 32 * 2 ** 20;

class Rejection extends Error {}

/** Checks `model.sig` against a public key and the files that are there. A bad signature is an answer, never an exception. */
export function verifyModelSignature(options: VerifyModelOptions): ModelSignatureCheck {
  const warnings: string[] = [];
  try {
    const { resources, digest, folderName } = openSignature(options, warnings);
    const files = compareFiles(resources, options);
    const misfit = files.find((file) => file.status !== 'ok');
    const reason = misfit ? SENTENCES[misfit.status](misfit.path) : 'Every file is as it was signed.';
    return { verified: misfit === undefined, reason, digest, folderName, files, warnings };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return { verified: false, reason: error.message, digest: null, folderName: null, files: [], warnings };
  }
}

const SENTENCES: Readonly<Record<SignedFileStatus, (path: string) => string>> = {
  ok: (path) => `${path} is as it was signed.`,
  changed: (path) => `${path} was changed after it was signed.`,
  missing: (path) => `${path} was signed, but is not there.`,
  extra: (path) => `${path} is not covered by the signature.`,
};

function openSignature(
  options: VerifyModelOptions,
  warnings: string[],
): { resources: readonly SignedResource[]; digest: string; folderName: string } {
  const { signature, publicKeyPem } = options;
  if (signature.length > MAX_SIGNATURE_CHARACTERS)
    throw new Rejection('The signature is larger than one can be.');
  const bundle = shaped(bundleSchema, parseJson(signature, 'The signature'), 'The signature');
  const key = readKey(publicKeyPem);
  checkMaterial(bundle.verificationMaterial, key, warnings);

  const payload = fromBase64(bundle.dsseEnvelope.payload);
  const bytes = fromBase64(bundle.dsseEnvelope.signatures[0]!.sig);
  const hash = hashOfKey(key);
  if (hash === null) throw new Rejection('The public key is not of a kind that model signatures allow.');
  if (!verify(hash, preAuthEncoding(payload), { key, dsaEncoding: 'der' }, bytes)) {
    throw new Rejection('The signature was not made with this key, or what it covers was changed.');
  }

  const statement = shaped(
    statementSchema,
    parseJson(payload.toString('utf8'), 'The signed statement'),
    'The signed statement',
  );
  const { serialization, resources } = statement.predicate;
  const unusual = serialization.ignore_paths.filter((path) => !ignoredPaths(options).includes(path));
  if (unusual.length > 0)
    throw new Rejection(`The signer left out ${unusual.join(', ')}: nothing vouches for that.`);
  if (!resources.every(({ name }) => isContainedPath(name)))
    throw new Rejection('The signature names a file outside the model.');
  if (new Set(resources.map(({ name }) => name)).size !== resources.length)
    throw new Rejection('The signature names a file twice.');
  const subject = statement.subject[0]!;
  if (rootDigest(resources) !== subject.digest.sha256)
    throw new Rejection('The signed digest does not fit the signed list of files.');
  return { resources, digest: subject.digest.sha256, folderName: subject.name };
}

function checkMaterial(
  material: z.infer<typeof bundleSchema>['verificationMaterial'],
  key: KeyObject,
  warnings: string[],
): void {
  if (material.x509CertificateChain !== undefined || material.certificate !== undefined) {
    throw new Rejection('The signature is by certificate; a public key cannot check it.');
  }
  if (material.publicKey === undefined)
    throw new Rejection('The signature does not say what it was made with.');
  const { hint, rawBytes } = material.publicKey;
  if (rawBytes !== undefined) warnings.push('The signature has the older form 1.0 of its key.');
  if (hint === undefined || hint === '') warnings.push('The signature does not name its key.');
  else if (hint !== keyHint(key)) throw new Rejection('The signature names another key.');
}

/** Files under the usual ignored names are neither vouched for nor complained about. */
function compareFiles(
  resources: readonly SignedResource[],
  options: VerifyModelOptions,
): { path: string; status: SignedFileStatus }[] {
  const ignored = ignoredPaths(options);
  const found = new Map(options.files.map((file) => [file.path, file.sha256]));
  const signed = new Set(resources.map(({ name }) => name));
  const checked = resources.map(({ name, digest }) => {
    const actual = found.get(name);
    const status: SignedFileStatus = actual === undefined ? 'missing' : actual === digest ? 'ok' : 'changed';
    return { path: name, status };
  });
  const extra = options.files
    .filter(
      ({ path }) =>
        !signed.has(path) && !ignored.some((name) => path === name || path.startsWith(`${name}/`)),
    )
    .map(({ path }) => ({ path, status: 'extra' as const }));
  return [...checked, ...extra];
}

const ignoredPaths = ({ signaturePath }: VerifyModelOptions): readonly string[] =>
  signaturePath === undefined ? USUAL_IGNORED_PATHS : [...USUAL_IGNORED_PATHS, signaturePath];

function readKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    throw new Rejection('The public key cannot be read.');
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection(`${what} is not JSON.`);
  }
}

function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Rejection(
    `${what} is not of the expected form (${result.error.issues[0]?.path.join('.') || 'top level'}).`,
  );
}

function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Rejection('The signature is not proper base64.');
  return bytes;
}
