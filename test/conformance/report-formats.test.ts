import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { folderMetadata, modelMetadata } from '../../src/core/registry/index.ts';
import { demoReport } from '../../src/shared/contract/demo.ts';
import { evaluation } from '../../src/shared/contract/evaluation.ts';
import { receiptVerification, trainingSetReceipt } from '../../src/shared/contract/receipts.ts';

const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
const documented = [...page.matchAll(/```json\n([\s\S]*?)\n```/g)].map(
  (match) => JSON.parse(match[1]!) as unknown,
);

describe('docs/formats.md', () => {
  it.each([
    ['report.json', demoReport],
    ['metadata.json', modelMetadata],
    ['falaj-model.json', folderMetadata],
    ['the evaluation of a run', evaluation],
    ['a receipt', trainingSetReceipt],
    ['what verifying a receipt finds', receiptVerification],
  ] as const)('has the schema of %s that the program checks with', (_name, schema) => {
    expect(documented).toContainEqual(z.toJSONSchema(schema));
  });
});
