import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { externalAddress } from './external-links.ts';

describe('links that lead outside', () => {
  it('offers a known site over https, normalised', () => {
    expect(externalAddress('https://onnxruntime.ai/docs/../x')).toBe('https://onnxruntime.ai/x');
  });

  it.each([
    'http://onnxruntime.ai/',
    'https://onnxruntime.ai.evil.example/',
    'https://onnxruntime.ai@evil.example/',
    'https://user@onnxruntime.ai/',
    'https://onnxruntime.ai:8443/',
    'https://evil.example/?https://onnxruntime.ai/',
    'file:///etc/passwd',
    'smb://onnxruntime.ai/share',
    'javascript:alert(1)',
    'app://falaj/',
    `https://onnxruntime.ai/${'x'.repeat(3_000)}`,
    'not an address',
  ])('never offers %j', (address) => {
    expect(externalAddress(address)).toBeNull();
  });

  it('never offers an address whose host was made up', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ validSchemes: ['https', 'http', 'ftp'] }),
        (address) => externalAddress(address) === null,
      ),
    );
  });
});
