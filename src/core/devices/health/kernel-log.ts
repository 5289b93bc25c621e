import type { DeviceMessage, KernelEvent, KernelLogAccess } from '../../../shared/contract/types.ts';
import { deviceMessage, englishText } from '../device-messages.ts';
import type { Surroundings } from '../surroundings.ts';
import { type KernelMessage, parseJournalLine, parseKernelEvent } from './kernel-events.ts';
import { KmsgReader } from './kmsg-reader.ts';

/** The journal is read through a program: seldom, and only what is new. */
const JOURNAL_EVERY_MS = 30_000;
const JOURNAL_TIMEOUT_MS = 3_000;
/** A device that fails over and over must not fill the memory. */
const EVENTS_KEPT = 500;

const readFrom = (source: KernelLogAccess['source']): KernelLogAccess => ({
  source,
  reason: null,
  messages: [],
});
const unread = (...messages: DeviceMessage[]): KernelLogAccess => ({
  source: null,
  reason: englishText(messages),
  messages,
});

/**
 * What the kernel wrote about devices since the machine started: from /dev/kmsg, which stays open and costs one call when
 * there is nothing new, else from the journal.
 */
export class KernelLog {
  readonly #around: Surroundings;
  readonly #kmsg: KmsgReader;
  readonly #events: KernelEvent[] = [];
  #access = readFrom(null);
  #journalReadAt = Number.NEGATIVE_INFINITY;
  #newestMs = 0;
  #hasJournal = false;
  /** Two readers at once would each get a part. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(around: Surroundings) {
    this.#around = around;
    this.#kmsg = new KmsgReader(around);
  }

  get access(): KernelLogAccess {
    return this.#access;
  }

  /** All events so far, oldest first; null when the log cannot be read. */
  get events(): readonly KernelEvent[] | null {
    return this.#access.source === null ? null : this.#events;
  }

  /** Takes in what is new. Resolves to whether anything was. */
  read(): Promise<boolean> {
    const turn = this.#turn.then(() => this.#read());
    this.#turn = turn;
    return turn;
  }

  close(): void {
    this.#kmsg.close();
  }

  async #read(): Promise<boolean> {
    if (this.#around.platform !== 'linux') {
      this.#access = unread(deviceMessage('kernelLogElsewhere'));
      return false;
    }
    const records = await this.#kmsg.read();
    if ('messages' in records) {
      this.#access = readFrom('kmsg');
      return this.#keep(records.messages);
    }
    return this.#readJournal(records.refusal);
  }

  async #readJournal(kmsg: DeviceMessage): Promise<boolean> {
    const now = this.#around.clock();
    if (now - this.#journalReadAt < JOURNAL_EVERY_MS) return false;
    this.#journalReadAt = now;
    const since = this.#newestMs === 0 ? [] : [`--since=@${Math.floor(this.#newestMs / 1_000)}`];
    const result = await this.#around.run(
      'journalctl',
      ['--dmesg', '--output=short-unix', '--no-pager', '--quiet', ...since],
      { timeoutMs: JOURNAL_TIMEOUT_MS },
    );
    const messages = result.stdout.split('\n').flatMap((line) => parseJournalLine(line) ?? []);
    // Who may not read the kernel's part gets an empty answer; a running kernel has always written something.
    if (messages.length === 0 && !this.#hasJournal) {
      const journal = result.missing
        ? deviceMessage('noJournal')
        : result.timedOut
          ? deviceMessage('toolSilent', { tool: 'journalctl', seconds: JOURNAL_TIMEOUT_MS / 1_000 })
          : deviceMessage('journalEmpty');
      this.#access = unread(kmsg, journal, deviceMessage('allowKernelLog'));
      return false;
    }
    this.#hasJournal = true;
    this.#access = readFrom('journal');
    return this.#keep(messages.filter(({ atMs }) => atMs > this.#newestMs));
  }

  #keep(messages: readonly KernelMessage[]): boolean {
    const events = messages.flatMap(({ text, atMs }) => parseKernelEvent(text, atMs) ?? []);
    this.#newestMs = messages.reduce((newest, { atMs }) => Math.max(newest, atMs), this.#newestMs);
    this.#events.push(...events);
    this.#events.splice(0, Math.max(0, this.#events.length - EVENTS_KEPT));
    return events.length > 0;
  }
}
