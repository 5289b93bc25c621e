import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signModel, verifyModelSignature } from './index.ts';
import { comparePaths, preAuthEncoding, rootDigest } from './statement.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const keyPair = (namedCurve: string) =>
  generateKeyPairSync('ec', {
    namedCurve,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { privateKey, publicKey } = keyPair('P-256');
const files = [
  { path: 'model.onnx', sha256: sha256('weights') },
  { path: 'labels/en.txt', sha256: sha256('labels') },
];
const { signature, digest } = signModel({ folderName: 'delay', files, privateKeyPem: privateKey });
const check = (changes: Partial<{ signature: string; files: typeof files; publicKeyPem: string }> = {}) =>
  verifyModelSignature({ signature, files, publicKeyPem: publicKey, ...changes });

interface Bundle {
  mediaType: string;
  verificationMaterial: Record<string, unknown>;
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] };
}
interface Statement {
  _type: string;
  subject: { name: string; digest: { sha256: string } }[];
  predicate: { serialization: Record<string, unknown>; resources: { name: string }[] };
}
/** Signs a changed statement properly: only its content is at fault. */
function resigned(change: (statement: Statement) => void): string {
  const bundle = JSON.parse(signature) as Bundle;
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
  change(statement);
  const payload = Buffer.from(JSON.stringify(statement));
  bundle.dsseEnvelope.payload = payload.toString('base64');
  bundle.dsseEnvelope.signatures[0]!.sig = sign('sha256', preAuthEncoding(payload), privateKey).toString(
    'base64',
  );
  return JSON.stringify(bundle);
}
function edited(change: (bundle: Bundle) => void): string {
  const bundle = JSON.parse(signature) as Bundle;
  change(bundle);
  return JSON.stringify(bundle);
}

describe('a model signature', () => {
  it.each(['P-256', 'P-384', 'P-521'])('made with %s holds for the files it was made over', (curve) => {
    const pair = keyPair(curve);
    const made = signModel({ folderName: 'm', files, privateKeyPem: pair.privateKey });
    const checked = verifyModelSignature({ signature: made.signature, files, publicKeyPem: pair.publicKey });
    expect(checked).toMatchObject({ verified: true, digest: made.digest, folderName: 'm', warnings: [] });
  });

  it('has the digest of the files in the reference order', () => {
    expect(digest).toBe(rootDigest([{ digest: sha256('labels') }, { digest: sha256('weights') }]));
    expect(['a.txt', 'a-b', 'a/z', 'a/b/c'].sort(comparePaths)).toEqual(['a/b/c', 'a/z', 'a-b', 'a.txt']);
    expect(['\u{1F600}', '\uFF5E'].sort(comparePaths)).toEqual(['\uFF5E', '\u{1F600}']);
  });

  it('tells which file was changed, is missing or was added', () => {
    const [model, labels] = files as [(typeof files)[0], (typeof files)[0]];
    expect(check({ files: [{ ...model, sha256: sha256('other') }, labels] })).toMatchObject({
      verified: false,
      reason: 'model.onnx was changed after it was signed.',
      files: [
        { path: 'labels/en.txt', status: 'ok' },
        { path: 'model.onnx', status: 'changed' },
      ],
    });
    expect(check({ files: [model] })).toMatchObject({
      verified: false,
      reason: expect.stringContaining('not there'),
    });
    const added = check({ files: [...files, { path: 'extra.bin', sha256: sha256('x') }] });
    expect(added).toMatchObject({ verified: false, reason: 'extra.bin is not covered by the signature.' });
    expect(
      check({
        files: [
          ...files,
          { path: 'model.sig', sha256: sha256('x') },
          { path: '.git/config', sha256: sha256('x') },
        ],
      }).verified,
    ).toBe(true);
  });

  it('is refused under another key, and with a key that may not sign models', () => {
    expect(check({ publicKeyPem: keyPair('P-256').publicKey })).toMatchObject({
      verified: false,
      reason: expect.stringContaining('another key'),
    });
    const ed25519 = generateKeyPairSync('ed25519');
    const pem = ed25519.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const unnamed = edited((bundle) => Object.assign(bundle.verificationMaterial, { publicKey: {} }));
    expect(check({ signature: unnamed, publicKeyPem: pem })).toMatchObject({
      verified: false,
      reason: expect.stringContaining('kind'),
    });
    expect(check({ publicKeyPem: 'nonsense' }).verified).toBe(false);
    const privateKeyPem = ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => signModel({ folderName: 'm', files, privateKeyPem })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  });

  it('warns when it does not name its key', () => {
    const unnamed = edited((bundle) => Object.assign(bundle.verificationMaterial, { publicKey: {} }));
    expect(check({ signature: unnamed })).toMatchObject({
      verified: true,
      warnings: [expect.stringContaining('name its key')],
    });
  });

  it.each<[string, string]>([
    ['no JSON', 'x'],
    ['another media type', edited((bundle) => Object.assign(bundle, { mediaType: 'application/json' }))],
    [
      'a payload of another type',
      edited((bundle) => Object.assign(bundle.dsseEnvelope, { payloadType: 'text/plain' })),
    ],
    ['no transparency entries field', edited((bundle) => delete bundle.verificationMaterial['tlogEntries'])],
    [
      'two signatures',
      edited((bundle) => bundle.dsseEnvelope.signatures.push(bundle.dsseEnvelope.signatures[0]!)),
    ],
    [
      'key and certificate',
      edited((bundle) =>
        Object.assign(bundle.verificationMaterial, { x509CertificateChain: { certificates: [] } }),
      ),
    ],
    ['neither key nor certificate', edited((bundle) => delete bundle.verificationMaterial['publicKey'])],
    [
      'a changed payload',
      edited((bundle) =>
        Object.assign(bundle.dsseEnvelope, { payload: Buffer.from('{}').toString('base64') }),
      ),
    ],
    [
      'loose base64',
      edited((bundle) => Object.assign(bundle.dsseEnvelope, { payload: `${bundle.dsseEnvelope.payload}\n` })),
    ],
    [
      'another statement type',
      resigned((statement) => Object.assign(statement, { _type: 'https://in-toto.io/Statement/v0.1' })),
    ],
    [
      'another predicate',
      resigned((statement) => Object.assign(statement, { predicateType: 'https://slsa.dev/provenance/v1' })),
    ],
    [
      'two subjects',
      resigned((statement) =>
        Object.assign(statement, { subject: [...statement.subject, ...statement.subject] }),
      ),
    ],
    [
      'symbolic links',
      resigned((statement) => Object.assign(statement.predicate.serialization, { allow_symlinks: true })),
    ],
    [
      'a file it leaves out',
      resigned((statement) =>
        Object.assign(statement.predicate.serialization, { ignore_paths: ['model.onnx'] }),
      ),
    ],
    [
      'a wrong root',
      resigned((statement) => Object.assign(statement.subject[0]!.digest, { sha256: sha256('root') })),
    ],
    [
      'a path that leads out',
      resigned((statement) => Object.assign(statement.predicate.resources[0]!, { name: '../secret' })),
    ],
  ])('is refused with %s', (_name, text) => {
    expect(check({ signature: text })).toMatchObject({ verified: false, digest: null, files: [] });
  });

  it('is not made over paths that leave the folder, doubles or nothing', () => {
    const one = files[0]!;
    for (const bad of [
      [],
      [one, one],
      [{ ...one, path: '../x' }],
      [{ ...one, path: '/x' }],
      [{ ...one, path: 'a\\b' }],
    ]) {
      expect(() => signModel({ folderName: 'm', files: bad, privateKeyPem: privateKey })).toThrow(
        expect.objectContaining({ code: 'BAD_INPUT' }),
      );
    }
  });
});
