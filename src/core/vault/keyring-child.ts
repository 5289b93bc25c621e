import { spawn } from 'node:child_process';
import { z } from 'zod';

export type KeyringRequest =
  | { readonly operation: 'get' | 'delete'; readonly name: string }
  | { readonly operation: 'set'; readonly name: string; readonly secretHex: string };

const replySchema = z.object({
  secretHex: z.string().nullable().optional(),
  deleted: z.boolean().optional(),
  error: z.string().optional(),
});
export type KeyringReply = z.infer<typeof replySchema>;

/**
 * The whole of the child: CommonJS text for `node --eval`, so that it needs no file of its own in a build. On Linux only the
 * Secret Service counts: the kernel's keyring, the module's other choice, forgets at the next boot.
 */
const PROGRAM = `
const { Entry } = require(process.argv[1]);
let text = '';
process.stdin.on('data', (part) => { text += part; }).on('end', () => {
  const request = JSON.parse(text);
  let reply;
  try {
    const entry = new Entry('falaj', request.name, { linux: { store: 'secret-service' } });
    if (request.operation === 'set') { entry.setSecret(Buffer.from(request.secretHex, 'hex')); reply = {}; }
    else if (request.operation === 'delete') reply = { deleted: entry.deleteCredential() };
    else { const secret = entry.getSecret(); reply = { secretHex: secret === null ? null : Buffer.from(secret).toString('hex') }; }
  } catch (error) { reply = { error: String(error && error.message || error) }; }
  process.stdout.write(JSON.stringify(reply), () => process.exit(0));
});`;

/**
 * Asks the keyring in a child process with a time limit: a session bus without a provider can hang for ever, and would
 * take the engine with it. Secrets travel by pipe only.
 */
export function askKeyring(
  modulePath: string,
  request: KeyringRequest,
  timeLimitMs: number,
): Promise<KeyringReply> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--eval', PROGRAM, modulePath], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: environment(),
      windowsHide: true,
    });
    let text = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve({ error: `It did not answer within ${timeLimitMs / 1000} s.` });
    }, timeLimitMs);
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ error: error.message });
    });
    child.once('close', () => {
      clearTimeout(timer);
      resolve(parseReply(text));
    });
    // A child that died before it read its request shows by its empty reply.
    child.stdin.on('error', () => child.kill('SIGKILL'));
    child.stdin.end(JSON.stringify(request));
  });
}

/** The session's own variables (bus address, display), without our secrets. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(FALAJ_|NODE_)/.test(name)));
}

function parseReply(text: string): KeyringReply {
  try {
    return replySchema.parse(JSON.parse(text));
  } catch {
    return { error: 'It ended without an answer.' };
  }
}
