import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';

const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const BODY_WITHIN_MS = 60_000;

/** Fields of the query; one that is repeated is a list. */
export function queryOf(request: IncomingMessage): Record<string, string | string[]> {
  const url = request.url ?? '/';
  if (!url.includes('?')) return {};
  const { searchParams } = new URL(url, 'http://engine');
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

const jsonObject = z.record(z.string(), z.unknown());

/** The body, a JSON object of bounded size; empty where there is none. */
export async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.setTimeout(BODY_WITHIN_MS, () => request.destroy());
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES)
      throw new FalajError('TOO_LARGE', `The request is larger than ${BODY_LIMIT_BYTES} bytes.`);
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  try {
    const text = Buffer.concat(chunks).toString('utf8');
    return jsonObject.parse(JSON.parse(text, text.includes('null') ? withoutNull : undefined));
  } catch (cause) {
    throw new FalajError('UNSUPPORTED_MEDIA_TYPE', 'The body is not a JSON object.', { cause });
  }
}

/** A field that is null is one that is not there, as in protobuf's JSON. */
const withoutNull = (_key: string, value: unknown): unknown => (value === null ? undefined : value);
