import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../faults/engine-support/product.ts';

const NOBODY = 65_534;
const INSTALLED = '/usr/lib/postgresql';
export const SUPERUSER_PASSWORD = 'owner 4711 of the test';

/** The newest PostgreSQL of this machine; null when there is none. */
export function postgresFolder(): string | null {
  if (!existsSync(INSTALLED)) return null;
  const versions = readdirSync(INSTALLED).sort((one, other) => Number(other) - Number(one));
  const folders = versions.map((version) => path.join(INSTALLED, version, 'bin'));
  return folders.find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null;
}

export interface PostgresServer {
  readonly port: number;
  /** The folder of its Unix socket. */
  readonly socket: string;
  /** The certificate that it shows, for `localhost`. */
  readonly certificate: string;
  /** Runs statements as the owner of the database `shop`. */
  run(sql: string): void;
  stop(): Promise<void>;
}

/** A server of its own, in a temporary folder, on the loopback address alone. It does not run as root, so neither does this one. */
export async function startPostgres(bin: string): Promise<PostgresServer> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'fpg-'));
  const data = path.join(root, 'data');
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const own = (file: string): void => {
    if (process.getuid?.() === 0) chownSync(file, NOBODY, NOBODY);
  };
  own(root);
  const call = (program: string, args: readonly string[], input = ''): string => {
    const result = spawnSync(program, args, {
      ...identity,
      cwd: root,
      input,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], PGPASSWORD: SUPERUSER_PASSWORD },
    });
    if (result.status !== 0) throw new Error(`${program}: ${result.stderr}`);
    return result.stdout;
  };
  const secret = path.join(root, 'password');
  writeFileSync(secret, SUPERUSER_PASSWORD);
  own(secret);
  call(path.join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'owner',
    '-A',
    'scram-sha-256',
    '--pwfile',
    secret,
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
  ]);
  const certificate = path.join(data, 'server.crt');
  call('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-keyout',
    path.join(data, 'server.key'),
    '-out',
    certificate,
  ]);
  chmodSync(path.join(data, 'server.key'), 0o600);
  const socket = path.join(root, 's');
  mkdirSync(socket);
  own(socket);
  const port = await freePort();
  appendFileSync(
    path.join(data, 'postgresql.conf'),
    `\nlisten_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${socket}'\nssl = on\nfsync = off\nlog_statement = all\n`,
  );
  const log: string[] = [];
  const server = spawn(path.join(bin, 'postgres'), ['-D', data], {
    ...identity,
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  server.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text));
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  await until(() => log.join('').includes('ready to accept connections'));
  const psql = (database: string, sql: string): void =>
    void call(
      path.join(bin, 'psql'),
      ['-h', socket, '-p', String(port), '-U', 'owner', '-d', database, '-v', 'ON_ERROR_STOP=1', '-q'],
      sql,
    );
  psql('postgres', 'CREATE DATABASE shop;');
  return {
    port,
    socket,
    certificate,
    run: (sql) => psql('shop', sql),
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
