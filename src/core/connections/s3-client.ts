import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { Agent, type Dispatcher, request } from 'undici';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import type { RemoteBytes } from '../data/index.ts';
import type { S3Target } from './connection-table.ts';
import { unreachable } from './unreachable.ts';

const CONNECT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 60_000;
const TRIES = 3;
const FIRST_PAUSE_MS = 200;
/** Of a bucket with more objects, the first are listed. */
const LISTED = 1_000;

export interface S3Keys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/**
 * Reads objects of one bucket of an S3-compatible store, by path-style addresses as stores on own premises want them.
 * Redirects are not followed: they would lead to a machine that nobody named.
 */
export class S3Client {
  readonly #target: S3Target;
  readonly #keys: S3Keys;
  readonly #signal: AbortSignal;
  readonly #agent: Agent;

  constructor(target: S3Target, keys: S3Keys, signal: AbortSignal) {
    this.#target = target;
    this.#keys = keys;
    this.#signal = signal;
    this.#agent = new Agent({
      connect: {
        timeout: CONNECT_WITHIN_MS,
        ...(target.certificates === undefined ? {} : { ca: target.certificates }),
      },
      headersTimeout: ANSWER_WITHIN_MS,
      bodyTimeout: ANSWER_WITHIN_MS,
    });
  }

  async keys(): Promise<string[]> {
    const answer = await this.#ask('GET', '', { query: `?list-type=2&max-keys=${LISTED}` });
    return [...(await answer.body.text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => fromXml(key!));
  }

  /** The object as it is now: should it be replaced while it is read, the reading fails. */
  async object(key: string): Promise<RemoteBytes> {
    const answer = await this.#ask('HEAD', key, {});
    await answer.body.dump();
    const sizeBytes = Number(answer.headers['content-length']);
    const etag = String(answer.headers['etag'] ?? '');
    if (!Number.isSafeInteger(sizeBytes)) throw this.#failed(key, answer.statusCode);
    if (sizeBytes === 0) throw new FalajError('NO_ROWS', `"${key}" is empty.`);
    return {
      name: key,
      sizeBytes,
      read: async (start, end) => {
        const headers = { range: `bytes=${start}-${end - 1}`, ...(etag === '' ? {} : { 'if-match': etag }) };
        const part = await this.#ask('GET', key, { headers });
        const bytes = new Uint8Array(await part.body.arrayBuffer());
        if (part.statusCode === 206 && bytes.length === end - start) return bytes;
        throw this.#failed(key, part.statusCode);
      },
    };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #ask(
    method: 'GET' | 'HEAD',
    key: string,
    { query = '', headers = {} }: { query?: string; headers?: Record<string, string> },
  ): Promise<Dispatcher.ResponseData> {
    const url = `${this.#target.endpoint.replace(/\/+$/, '')}/${[this.#target.bucket, ...key.split('/')].map(encodeURIComponent).join('/')}${query}`;
    for (let attempt = 1; ; attempt++) {
      this.#signal.throwIfAborted();
      const answer = await this.#try(method, url, headers).catch((error: unknown) => {
        this.#signal.throwIfAborted();
        if (attempt < TRIES) return null;
        throw unreachable(error, this.#target.endpoint, this.#host());
      });
      if (answer !== null && answer.statusCode < 300) return answer;
      if (answer !== null) await answer.body.dump();
      const passing = answer === null || answer.statusCode >= 500 || answer.statusCode === 429;
      if (!passing || attempt === TRIES) throw await this.#refused(key, answer?.statusCode ?? 0);
      await sleep(FIRST_PAUSE_MS * 2 ** attempt, undefined, { signal: this.#signal });
    }
  }

  async #try(
    method: 'GET' | 'HEAD',
    url: string,
    headers: Record<string, string>,
  ): Promise<Dispatcher.ResponseData> {
    const signed = await new AwsV4Signer({
      method,
      url,
      headers,
      accessKeyId: this.#keys.accessKey,
      secretAccessKey: this.#keys.secretKey,
      service: 's3',
      region: this.#target.region,
    }).sign();
    return request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      dispatcher: this.#agent,
      signal: this.#signal,
    });
  }

  async #refused(key: string, status: number): Promise<FalajError> {
    const where = `"${this.#target.bucket}" at ${this.#target.endpoint}`;
    const details = { host: this.#host() };
    if (status === 401 || status === 403) {
      return new FalajError('CREDENTIALS_REFUSED', `The bucket ${where} refused the keys.`, {
        hint: 'Check the keys, the region, this machine’s clock, and that they may list and read the bucket.',
        details,
      });
    }
    if (status === 404 && key !== '') {
      return new FalajError('NOT_FOUND', `There is no object "${key}" in the bucket ${where}.`, {
        hint: nearestHint(key, await this.keys(), 'falaj connections check lists the objects.'),
        details,
      });
    }
    if (status === 404) {
      return new FalajError('NOT_FOUND', `There is no bucket ${where}.`, {
        hint: 'Check its name.',
        details,
      });
    }
    if (status === 412) {
      return new FalajError('FILE_CHANGED_WHILE_READING', `"${key}" changed while it was being read.`, {
        hint: 'Nothing was kept. Wait until it is complete, then start again.',
        details,
      });
    }
    return this.#failed(key, status);
  }

  #failed(key: string, status: number): FalajError {
    const what = key === '' ? `the bucket "${this.#target.bucket}"` : `"${key}"`;
    return new FalajError(
      'UNREACHABLE',
      `${this.#target.endpoint} answered ${status} when asked for ${what}.`,
      {
        hint: 'Check the endpoint and the region; it may not speak the S3 protocol.',
        details: { host: this.#host(), status },
      },
    );
  }

  #host(): string {
    return new URL(this.#target.endpoint).host;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const fromXml = (text: string): string =>
  text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return hex === undefined ? (ENTITIES[name!] ?? whole) : String.fromCodePoint(Number.parseInt(hex, 16));
    },
  );
