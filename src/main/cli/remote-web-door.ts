import http from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ERROR_CODES, FalajError, isErrorCode } from '../../shared/errors.ts';
import { attachToRunning, type Connection } from '../connect/connect.ts';
import { readEngineFile } from '../connect/engine-file.ts';

const openedDoor = z.object({ url: z.string(), link: z.string(), token: z.string(), pid: z.number() });
const refusal = z.object({ code: z.string(), detail: z.string(), hint: z.string() });

export interface RemoteWebDoor extends z.infer<typeof openedDoor> {
  readonly connection: Connection;
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Asks the workspace's running engine for a door to browsers, open as long as it is held. Null when no engine runs. */
export async function holdWebDoor(
  workspace: string,
  request: { readonly host: string; readonly port: number; readonly insecure: boolean },
): Promise<RemoteWebDoor | null> {
  const connection = await attachToRunning(workspace);
  const file = readEngineFile(workspace);
  if (connection === null || file === null) return null;
  try {
    const held = await post(file, JSON.stringify(request));
    return { ...held, connection };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function post(
  engine: { readonly socketPath: string; readonly token: string },
  body: string,
): Promise<Omit<RemoteWebDoor, 'connection'>> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({
      socketPath: engine.socketPath,
      path: '/control/web',
      method: 'POST',
      agent: false,
      headers: {
        host: 'engine',
        authorization: `Bearer ${engine.token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    outgoing.on('error', (cause) =>
      reject(new FalajError('ENGINE_GONE', 'The engine does not answer any more.', { cause })),
    );
    outgoing.on('response', (response) => {
      const ended = new Promise<void>((end) => response.on('close', end));
      response.on('error', () => response.destroy()); // the same news as an end
      createInterface({ input: response }).once('line', (line) => {
        if (response.statusCode !== 200) {
          reject(refused(line));
          return;
        }
        const close = async (): Promise<void> => void outgoing.destroy();
        resolve({ ...openedDoor.parse(JSON.parse(line)), ended, close });
      });
    });
    outgoing.end(body);
  });
}

function refused(line: string): FalajError {
  const parsed = refusal.safeParse(JSON.parse(line));
  if (parsed.success && isErrorCode(parsed.data.code) && parsed.data.code in ERROR_CODES) {
    return new FalajError(parsed.data.code, parsed.data.detail, { hint: parsed.data.hint });
  }
  return new FalajError('INTERNAL', 'The engine refused to open a door.');
}
