import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signModel, verifyModelSignature } from '../../../src/trust/model-signature/index.ts';
import { installReferenceCli } from './reference-cli.ts';

const cli = installReferenceCli();
if (typeof cli === 'string') {
  process.stderr.write(
    `\nSKIPPED: model signatures were not checked with the reference implementation (${cli})\n\n`,
  );
}

const CONTENT = { 'a/z': '1', 'a-b': '2', 'a.txt': '3', 'model.onnx': 'weights' };
const { privateKey, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const files = Object.entries(CONTENT).map(([name, text]) => ({
  path: name,
  sha256: createHash('sha256').update(text).digest('hex'),
}));

describe.skipIf(typeof cli === 'string')('the reference implementation of OpenSSF Model Signing', () => {
  const reference = cli as Exclude<typeof cli, string>;
  let folder: string;
  let model: string;
  const signaturePath = () => path.join(model, 'model.sig');
  const verify = () =>
    reference(
      'verify',
      'key',
      model,
      '--signature',
      signaturePath(),
      '--public_key',
      path.join(folder, 'public.pem'),
    );

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-oms-'));
    model = path.join(folder, 'model');
    mkdirSync(path.join(model, 'a'), { recursive: true });
    for (const [name, text] of Object.entries(CONTENT)) writeFileSync(path.join(model, name), text);
    writeFileSync(path.join(folder, 'public.pem'), publicKey);
    writeFileSync(path.join(folder, 'private.pem'), privateKey);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('accepts our signature, and refuses it once a file was changed or added', () => {
    writeFileSync(
      signaturePath(),
      signModel({ folderName: 'model', files, privateKeyPem: privateKey }).signature,
    );
    expect(verify()).toMatchObject({ succeeded: true });
    writeFileSync(path.join(model, 'model.onnx'), 'other weights');
    expect(verify().succeeded).toBe(false);
    writeFileSync(path.join(model, 'model.onnx'), CONTENT['model.onnx']);
    writeFileSync(path.join(model, 'extra.bin'), 'x');
    expect(verify().succeeded).toBe(false);
  });

  it('makes a signature that we accept, with the digest that we compute', () => {
    const signed = reference(
      'sign',
      'key',
      model,
      '--signature',
      signaturePath(),
      '--private_key',
      path.join(folder, 'private.pem'),
    );
    expect(signed.output).toContain('succeeded');
    const signature = readFileSync(signaturePath(), 'utf8');
    const ours = signModel({ folderName: 'model', files, privateKeyPem: privateKey });
    expect(verifyModelSignature({ signature, files, publicKeyPem: publicKey })).toMatchObject({
      verified: true,
      folderName: 'model',
      digest: ours.digest,
      warnings: [],
    });
    const changed = files.map((file) => ({
      ...file,
      sha256: createHash('sha256').update('changed').digest('hex'),
    }));
    expect(verifyModelSignature({ signature, files: changed, publicKeyPem: publicKey }).verified).toBe(false);
  });
});
