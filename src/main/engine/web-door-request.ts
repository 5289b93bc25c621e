import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';

export const DEFAULT_WEB_HOST = '127.0.0.1';
export const DEFAULT_WEB_PORT = 7410;

/** What a host may ask of a door to browsers. */
export const webDoorRequest = z.strictObject({
  host: z.string().min(1).max(255).default(DEFAULT_WEB_HOST),
  port: z.number().int().min(0).max(65_535).default(DEFAULT_WEB_PORT),
  insecure: z.boolean().default(false),
});

export type WebDoorRequest = z.infer<typeof webDoorRequest>;

const LIMIT_BYTES = 4_096;

export async function readWebDoorRequest(request: IncomingMessage): Promise<WebDoorRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LIMIT_BYTES) throw new FalajError('TOO_LARGE', 'The request is too large.');
    chunks.push(chunk);
  }
  const parsed = webDoorRequest.safeParse(parseJson(Buffer.concat(chunks).toString('utf8') || '{}'));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FalajError(
    'BAD_INPUT',
    `${issue?.path.join('.') || 'request'}: ${issue?.message ?? 'not valid'}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FalajError('BAD_INPUT', 'The request is not JSON.', { cause: error });
  }
}
