import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signJson, verifyJson } from './signed-json.ts';

const TYPE = 'application/vnd.example+json';
const pair = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { privateKey, publicKey } = pair();
const keyId = createHash('sha256').update(publicKey).digest('hex');
const signed = signJson({ rows: 3, names: ['a', 'ب'] }, TYPE, { privateKeyPem: privateKey, keyId });

describe('a signed JSON document', () => {
  it('holds, in whatever order its keys were written', () => {
    expect(signed.signature).toMatchObject({ keyId, payloadType: TYPE });
    const { signature, ...body } = signed;
    expect(verifyJson({ signature, names: body.names, rows: body.rows } as never, TYPE, publicKey)).toBe(
      true,
    );
    expect(verifyJson(JSON.parse(JSON.stringify(signed)), TYPE, publicKey)).toBe(true);
  });

  it.each([
    ['a value', { ...signed, rows: 4 }],
    ['one more key', { ...signed, more: 1 }],
    ['the signature', { ...signed, signature: { ...signed.signature, value: 'AAAA' } }],
    ['the type', { ...signed, signature: { ...signed.signature, payloadType: 'text/plain' } }],
  ])('does not hold when %s was changed', (_what, document) => {
    expect(verifyJson(document, TYPE, publicKey)).toBe(false);
  });

  it('does not hold as another type of document, nor under another key', () => {
    expect(verifyJson(signed, 'text/plain', publicKey)).toBe(false);
    expect(verifyJson(signed, TYPE, pair().publicKey)).toBe(false);
  });
});
