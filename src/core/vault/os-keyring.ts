import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { FalajError } from '../../shared/errors.ts';
import { askKeyring, type KeyringReply, type KeyringRequest } from './keyring-child.ts';
import type { SecretStore } from './secret-store.ts';

const TIME_LIMIT_MS = 5000;
const PROBE_BYTES = 32;

export interface OsKeyringOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Path of the module that gives `Entry`; the `@napi-rs/keyring` package unless a test brings its own. */
  readonly modulePath?: string;
  readonly timeLimitMs?: number;
}

/** The keychain of the operating system: macOS Keychain, Windows Credential Manager, the Secret Service of a Linux desktop. */
export class OsKeyring implements SecretStore {
  readonly #isOff: boolean;
  readonly #modulePath: string | undefined;
  readonly #timeLimitMs: number;

  constructor({ environment = process.env, modulePath, timeLimitMs = TIME_LIMIT_MS }: OsKeyringOptions = {}) {
    this.#isOff = environment['FALAJ_KEYRING'] === 'off';
    this.#modulePath = modulePath;
    this.#timeLimitMs = timeLimitMs;
  }

  describe(): string {
    return (
      { darwin: 'the macOS Keychain', win32: 'the Windows Credential Manager' }[process.platform as string] ??
      'the Secret Service'
    );
  }

  async unavailableBecause(): Promise<string | null> {
    if (this.#isOff) return 'It is switched off by FALAJ_KEYRING=off.';
    const name = `probe-${randomBytes(8).toString('hex')}`;
    const secretHex = randomBytes(PROBE_BYTES).toString('hex');
    const written = await this.#ask({ operation: 'set', name, secretHex });
    if (written.error !== undefined) return written.error;
    const read = await this.#ask({ operation: 'get', name });
    const deleted = await this.#ask({ operation: 'delete', name });
    if (read.error !== undefined || deleted.error !== undefined) return read.error ?? deleted.error ?? null;
    return read.secretHex === secretHex && deleted.deleted === true
      ? null
      : 'It did not give back what it was given.';
  }

  async get(name: string): Promise<Buffer | null> {
    const { secretHex } = await this.#askOrThrow({ operation: 'get', name });
    return typeof secretHex === 'string' ? Buffer.from(secretHex, 'hex') : null;
  }

  async set(name: string, secret: Uint8Array): Promise<void> {
    await this.#askOrThrow({ operation: 'set', name, secretHex: Buffer.from(secret).toString('hex') });
  }

  async delete(name: string): Promise<boolean> {
    return (await this.#askOrThrow({ operation: 'delete', name })).deleted ?? false;
  }

  async #askOrThrow(request: KeyringRequest): Promise<KeyringReply> {
    const reply = this.#isOff
      ? { error: 'It is switched off by FALAJ_KEYRING=off.' }
      : await this.#ask(request);
    if (reply.error === undefined) return reply;
    throw new FalajError(
      'KEYCHAIN_UNAVAILABLE',
      `The keychain of this computer cannot be used. ${reply.error}`,
      {
        hint: 'Unlock with the passphrase instead.',
        details: { keychain: this.describe() },
      },
    );
  }

  async #ask(request: KeyringRequest): Promise<KeyringReply> {
    try {
      const modulePath = this.#modulePath ?? createRequire(import.meta.url).resolve('@napi-rs/keyring');
      return await askKeyring(modulePath, request, this.#timeLimitMs);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }
}
