import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { HASH_BYTES } from './hashes.ts';

/** State of a log at one moment, as the C2SP tlog-checkpoint document defines it. */
export interface Checkpoint {
  /** Names the log: one line, no spaces. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

const ED25519_SIGNATURE = 0x01;
const KEY_ID_BYTES = 4;
/** PKCS #8 and SPKI of Ed25519 keys are these fixed bytes and then the 32 of the key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export const ED25519_SEED_BYTES = 32;

/** Signs checkpoints: C2SP signed-note with one Ed25519 signature line. */
export class CheckpointSigner {
  readonly #privateKey: KeyObject;
  readonly #origin: string;
  /** `name+hash+key`: what a reader needs to check checkpoints. */
  readonly verifierKey: string;

  constructor(origin: string, seed: Uint8Array) {
    if (!/^[^\s+]+$/.test(origin))
      throw new RangeError('The origin of a log has neither spaces nor a plus sign.');
    const encoded = Buffer.concat([PKCS8_PREFIX, seed]);
    this.#privateKey = createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' });
    encoded.fill(0);
    this.#origin = origin;
    const publicKey = createPublicKey(this.#privateKey)
      .export({ format: 'der', type: 'spki' })
      .subarray(SPKI_PREFIX.length);
    const typed = Buffer.concat([Buffer.from([ED25519_SIGNATURE]), publicKey]);
    this.verifierKey = `${origin}+${keyId(origin, typed).toString('hex')}+${typed.toString('base64')}`;
  }

  sign(size: number, root: Uint8Array): string {
    const text = checkpointText({ origin: this.#origin, size, root });
    const { id } = parseVerifierKey(this.verifierKey);
    const signature = Buffer.concat([id, sign(null, Buffer.from(text, 'utf8'), this.#privateKey)]);
    return `${text}\n\u2014 ${this.#origin} ${signature.toString('base64')}\n`;
  }
}

/** The checkpoint in a signed note, or null when it is malformed or no signature line is by this key. */
export function verifyCheckpoint(note: string, verifierKey: string): Checkpoint | null {
  const text = openNote(note, verifierKey);
  return text === null ? null : parseCheckpoint(text);
}

/** The text of a signed note, or null when no signature line is by this key. */
export function openNote(note: string, verifierKey: string): string | null {
  const border = note.indexOf('\n\n');
  if (border < 0) return null;
  const text = note.slice(0, border + 1);
  const key = parseVerifierKey(verifierKey);
  const isSigned = note
    .slice(border + 2)
    .split('\n')
    .some((line) => {
      const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
      if (name !== key.name || encoded === undefined) return false;
      const bytes = Buffer.from(encoded, 'base64');
      if (!bytes.subarray(0, KEY_ID_BYTES).equals(key.id)) return false;
      return verify(null, Buffer.from(text, 'utf8'), key.publicKey, bytes.subarray(KEY_ID_BYTES));
    });
  return isSigned ? text : null;
}

const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;

function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, size, root] = text.split('\n');
  if (!origin || !/^(?:0|[1-9]\d{0,15})$/.test(size ?? '')) return null;
  const bytes = Buffer.from(root ?? '', 'base64');
  const isCanonical = bytes.length === HASH_BYTES && bytes.toString('base64') === root;
  return isCanonical ? { origin, size: Number(size), root: bytes } : null;
}

const keyId = (name: string, typedKey: Buffer): Buffer =>
  createHash('sha256').update(`${name}\n`).update(typedKey).digest().subarray(0, KEY_ID_BYTES);

function parseVerifierKey(text: string): { name: string; id: Buffer; publicKey: KeyObject } {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const typed = Buffer.from(encoded ?? '', 'base64');
  const isKey = typed.length === 33 && typed[0] === ED25519_SIGNATURE;
  if (name === undefined || !isKey || keyId(name, typed).toString('hex') !== id) {
    throw new RangeError('This is not an Ed25519 verifier key.');
  }
  const spki = Buffer.concat([SPKI_PREFIX, typed.subarray(1)]);
  return {
    name,
    id: keyId(name, typed),
    publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
  };
}
