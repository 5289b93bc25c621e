import { createHash, createVerify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DataRoom, dataMigrations } from '../../src/core/data/index.ts';
import { FeatureRoom, featuresMigrations } from '../../src/core/features/index.ts';
import { ModelRegistry, registryMigrations } from '../../src/core/registry/index.ts';
import type { ReceiptVerification, TrainingSetReceipt } from '../../src/shared/contract/types.ts';
import { type EngineParts, openParts } from '../fixtures/engine-parts.ts';
import { silentJob as context } from '../fixtures/silent-job.ts';

const DEFINITIONS = `kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: FeatureView
name: sales
entities: [shop]
source: {dataset: sales}
ttl: 2h
features: [{name: amount}]
`;

const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
/** The nth JSON Schema below a heading of the page. */
function documented(heading: string, place: number): z.ZodType {
  const section = page.slice(page.indexOf(`## ${heading}`));
  const blocks = [...section.matchAll(/```json\n([\s\S]*?)\n```/g)];
  return z.fromJSONSchema(JSON.parse(blocks[place]![1]!));
}

let parts: EngineParts;
let text: string;
let receipt: TrainingSetReceipt;
let verification: ReceiptVerification;

const at = (name: string): string => path.join(parts.folder, name);

beforeAll(async () => {
  parts = await openParts([dataMigrations, featuresMigrations, registryMigrations]);
  const data = new DataRoom(parts);
  const features = new FeatureRoom({ ...parts, data });
  writeFileSync(
    at('sales.csv'),
    'shop,at,amount\nدبي,2026-01-01T08:00:00Z,10.5\nAjman,2026-01-01T01:00:00Z,7\n',
  );
  writeFileSync(
    at('entities.csv'),
    'shop,event_time\nدبي,2026-01-01T09:00:00Z\nAjman,2026-01-01T09:00:00Z\n,2026-01-01T09:00:00Z\n',
  );
  const common = { labels: [], purposes: [], every: 1, derive: [] };
  await data.import(context, { name: 'sales', files: [at('sales.csv')], eventTime: 'at', ...common });
  features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS }], prune: false });
  await features.historical(context, {
    features: ['sales:*'],
    entities: at('entities.csv'),
    eventTime: 'event_time',
    out: at('out.csv'),
    receipt: at('receipt.json'),
    names: 'full',
  });
  verification = await features.verify(context, { receipt: at('receipt.json') });
  text = readFileSync(at('receipt.json'), 'utf8');
  receipt = JSON.parse(text) as TrainingSetReceipt;
});
afterAll(() => parts.close());

describe('a receipt, by the documentation alone', () => {
  it('follows the documented schema, as does what verifying it finds', () => {
    const schema = documented('The receipt of a training set', 0);
    expect(schema.parse(receipt)).toEqual(receipt);
    expect(schema.safeParse({ ...receipt, note: 'more' }).success).toBe(false);
    expect(documented('The receipt of a training set', 1).parse(verification)).toEqual(verification);
    expect(verification.verified).toBe(true);
  });

  it('is signed over its canonical JSON without the signature', () => {
    // The file is canonical, so taking the signature's text out leaves the canonical body.
    const body = Buffer.from(text.trimEnd().replace(/"signature":\{[^}]*\},?/, ''));
    const type = 'application/vnd.falaj.training-set-receipt+json';
    const { publicKeyPem, keyId } = new ModelRegistry(parts).signingKey()!;
    const check = createVerify('sha256').update(`DSSEv1 ${type.length} ${type} ${body.length} `).update(body);
    expect(check.verify(publicKeyPem, receipt.signature.value, 'base64')).toBe(true);
    expect(receipt.signature.keyId).toBe(keyId);
  });

  it('has the content hash that the rows give', () => {
    const number = (value: bigint): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    };
    const size = (value: number): Buffer => number(BigInt(value)).subarray(0, 4);
    const named = (value: string): Buffer[] => [size(Buffer.byteLength(value)), Buffer.from(value)];
    const time = number(BigInt(Date.UTC(2026, 0, 1, 9)) * 1000n);
    const amount = Buffer.alloc(8);
    amount.writeDoubleLE(10.5);
    const columns: [string, string, Buffer[]][] = [
      ['shop', 'string', [Buffer.of(1, 1, 0), ...named('دبي'), ...named('Ajman')]],
      ['event_time', 'timestamp', [Buffer.of(1, 1, 1), time, time, time]],
      ['sales__amount', 'float64', [Buffer.of(1, 0, 0), amount]],
    ];
    const sha256 = (parts: readonly Uint8Array[]): Buffer =>
      createHash('sha256').update(Buffer.concat(parts)).digest();
    const table = [
      Buffer.from('falaj-table-v2'),
      number(3n),
      ...columns.flatMap(([name, type, bytes]) => [...named(name), ...named(type), sha256([sha256(bytes)])]),
    ];
    expect(receipt.output.contentHash).toBe(sha256(table).toString('hex'));
    expect(receipt.features).toEqual([{ name: 'sales__amount', nulls: 2, expired: 1 }]);
  });
});
