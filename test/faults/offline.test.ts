import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product, until } from './engine-support/product.ts';

const strace = spawnSync('strace', ['-V']).error === undefined;
if (!strace)
  process.stderr.write(
    '\nSKIPPED: that no connection leaves the machine was not tested (strace is not installed)\n\n',
  );

let product: Product;
beforeAll(() => {
  product = new Product();
});
afterAll(() => product.close());

const traceFile = (): string => path.join(product.root, 'trace');
const traced = (): string[] => [
  'strace',
  '-f',
  '-qq',
  '-s',
  '256',
  '-e',
  'trace=connect,sendto,sendmsg,sendmmsg,bind',
  '-o',
  traceFile(),
];

/** The internet addresses that a traced program connected to, sent to or bound. */
function addresses(): { all: string[]; beyondLoopback: string[] } {
  const all = [
    ...readFileSync(traceFile(), 'utf8').matchAll(
      /sin_addr=inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g,
    ),
  ].map((match) => match[1] ?? match[2]!);
  return {
    all,
    beyondLoopback: all.filter((address) => !/^127\./.test(address) && address !== '::1'),
  };
}

describe.skipIf(!strace)('without a network', () => {
  it('would be seen, if anything were sent', () => {
    // A datagram socket is connected without a packet being sent.
    const script = `require('node:dgram').createSocket('udp4').connect(9, '192.0.2.1', () => process.exit())`;
    const [program, ...rest] = traced();
    spawnSync(program!, [...rest, process.execPath, '-e', script]);
    expect(addresses().beyondLoopback).toContain('192.0.2.1');
  });

  it('the whole main job runs without an internet socket in any of its processes', async () => {
    const out = await product.succeed(
      ['demo', '--rows', '20k', '--dir', product.workspace, '--json', '--quiet'],
      traced(),
    );
    expect(JSON.parse(out)).toMatchObject({ ok: true });
    expect(addresses().all).toEqual([]);
  }, 120_000);

  it('looking for devices and checking the machine call nobody', async () => {
    await product.succeed(['devices', '--verify', '--json'], traced());
    expect(addresses().all).toEqual([]);
    await product.run(['doctor', '--json'], traced());
    expect(addresses().all).toEqual([]);
  }, 60_000);

  it('the workstation in a browser listens on the loopback address alone and calls nobody', async () => {
    let out = '';
    const { child, ended } = product.start(['ui', '--port', '0', '--json'], traced());
    child.stdout!.on('data', (text: string) => (out += text));
    await until(() => out.trimEnd().endsWith('}'));
    const { url, token, pid } = JSON.parse(out) as { url: string; token: string; pid: number };
    for (const call of ['api/workspace', 'api/data', 'api/devices']) {
      const answer = await fetch(new URL(call, url), { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status, call).toBe(200);
    }
    process.kill(pid, 'SIGTERM');
    await ended;
    expect(addresses().all).toContain('127.0.0.1');
    expect(addresses().beyondLoopback).toEqual([]);
  }, 60_000);
});
