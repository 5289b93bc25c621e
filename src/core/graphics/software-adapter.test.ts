import { describe, expect, it } from 'vitest';
import { type AdapterFacts, adapterName, softwareDriver } from './software-adapter.ts';

const facts = (changes: Partial<AdapterFacts>): AdapterFacts => ({
  vendor: '',
  architecture: '',
  device: '',
  description: '',
  isFallbackAdapter: false,
  ...changes,
});

describe('softwareDriver', () => {
  it.each([
    [{ vendor: 'google', architecture: 'swiftshader' }, 'SwiftShader'],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 19.1.7, 256 bits)' }, 'llvmpipe'],
    [
      { vendor: 'microsoft', device: '0x8c', description: 'Microsoft Basic Render Driver' },
      'Microsoft Basic Render Driver',
    ],
    [{ vendor: 'new', description: 'Something unheard of', isFallbackAdapter: true }, 'Something unheard of'],
    [{ isFallbackAdapter: true }, 'a fallback adapter'],
  ])('knows %j by its name or flag', (changes, name) => {
    expect(softwareDriver(facts(changes))).toBe(name);
  });

  it.each([
    { vendor: 'nvidia', architecture: 'ada', description: 'NVIDIA GeForce RTX 4090' },
    { vendor: 'amd', architecture: 'rdna-3', description: 'AMD Radeon RX 7900 XTX (RADV NAVI31)' },
    { vendor: 'apple', architecture: 'common-3', description: 'Apple M3' },
    { vendor: 'intel', architecture: 'xe-2hpg' },
  ])('takes %j for hardware', (changes) => {
    expect(softwareDriver(facts(changes))).toBeNull();
  });
});

describe('adapterName', () => {
  it('is the description, or what else there is', () => {
    expect(adapterName(facts({ vendor: 'nvidia', description: 'NVIDIA L4' }))).toBe('NVIDIA L4');
    expect(adapterName(facts({ vendor: 'intel', architecture: 'xe-2hpg' }))).toBe('intel xe-2hpg');
    expect(adapterName(facts({}))).toBe('an unnamed adapter');
  });
});
