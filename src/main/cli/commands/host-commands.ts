import { once } from 'node:events';
import type { Command } from 'commander';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import { VERSION } from '../../../shared/version.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { openBrowser } from '../open-browser.ts';
import { wholeNumber } from '../option-values.ts';
import { holdWebDoor } from '../remote-web-door.ts';

interface HostOptions {
  readonly host: string;
  readonly port: number;
  readonly insecure?: boolean;
  readonly open?: boolean;
}

interface OpenDoor {
  readonly url: string;
  /** Lets one browser in, once. */
  readonly link: string;
  readonly token: string;
  readonly pid: number;
  /** Resolves when the engine behind it has ended. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export function addHostCommands(program: Command, run: CommandRunner): void {
  const add = (name: 'ui' | 'up', description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--host <address>', 'where it listens', '127.0.0.1')
      .option('--port <port>', '0 takes a free one', wholeNumber(0, 65_535), 7410)
      .option('--insecure', 'allow an address beyond this machine without TLS');
  const action = (options: HostOptions, command: Command): Promise<void> =>
    run(command, (context) => serve(context, options));
  add('ui', 'the workstation in a browser; runs until Ctrl-C')
    .option('--open', 'open a window')
    .action(action);
  add('up', 'the same host without a browser').action(action);
}

async function serve(context: CommandContext, options: HostOptions): Promise<number> {
  const door = await openDoor(context, {
    host: options.host,
    port: options.port,
    insecure: options.insecure ?? false,
  });
  try {
    context.out.result(
      { url: door.url, token: door.token, pid: door.pid, version: VERSION, link: door.link },
      () => [`Falaj is at ${door.link}`, 'The link lets one browser in, once. Ctrl-C ends it.'].join('\n'),
    );
    if (options.open === true) showWindow(context, door.link);
    const stopped = once(context.signal, 'abort').then(() => true);
    const byPerson = context.signal.aborted || (await Promise.race([stopped, door.ended.then(() => false)]));
    if (byPerson) return 0;
    throw new FalajError('ENGINE_GONE', 'The engine has ended.', {
      hint: 'Its log is run/engine.log in the workspace.',
    });
  } finally {
    await door.close();
  }
}

/** A person who asked for a window without a display still has the link. */
function showWindow(context: CommandContext, link: string): void {
  try {
    openBrowser(link, context.environment);
  } catch (error) {
    if (!isFalajError(error)) throw error;
    context.out.note(`${error.message} ${error.hint}`);
  }
}

/** The error, unless the program that has the port is this workspace's own. */
async function servedAlready(context: CommandContext, port: number, error: unknown): Promise<unknown> {
  if (!isFalajError(error) || error.code !== 'PORT_IN_USE') return error;
  const { client } = await context.connect();
  const url = (await client.workspace.status()).engine?.url;
  if (url == null || new URL(url).port !== String(port)) return error;
  return new FalajError('PORT_IN_USE', `This workspace is at ${url} already.`, {
    hint: 'Use that one; for another browser, open a second door beside it: falaj ui --port 0',
    details: error.details,
  });
}

/** This process becomes the workspace's engine; where one runs already, that one opens a door for as long as we hold it. */
async function openDoor(
  context: CommandContext,
  request: { host: string; port: number; insecure: boolean },
): Promise<OpenDoor> {
  const passphrase = context.unattendedPassphrase();
  const held = await holdWebDoor(context.workspace, request).catch(async (error: unknown) => {
    throw await servedAlready(context, request.port, error);
  });
  if (held !== null) {
    if (passphrase !== undefined) await context.unlock(context.adopt(held.connection).client);
    return held;
  }
  const [{ startEngineProcess }, { createEngineLog }] = await Promise.all([
    import('../../engine/engine-process.ts'),
    import('../../engine/engine-log.ts'),
  ]);
  const log = createEngineLog((line) => context.out.note(line.trimEnd()), { debug: false, clock: Date.now });
  const running = await startEngineProcess({
    workspace: context.workspace,
    web: request,
    idleExitMs: Number.POSITIVE_INFINITY,
    passphrase,
    log: { info: () => undefined, unexpected: log.unexpected },
  });
  const web = running.web;
  if (web === null) throw new FalajError('INTERNAL', 'The engine opened no door.');
  return {
    url: web.url,
    link: web.newLink(),
    token: web.token,
    pid: process.pid,
    ended: running.ended,
    close: running.stop,
  };
}
