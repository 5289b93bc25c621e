import { describe, expect, it } from 'vitest';
import { hostName, isLoopbackHost } from './caller-origin.ts';

describe('the name in a Host header', () => {
  it.each([
    ['127.0.0.1:7410', '127.0.0.1'],
    ['LOCALHOST', 'localhost'],
    ['[::1]:7410', '[::1]'],
    ['gpu-7.lab.example:80', 'gpu-7.lab.example'],
  ])('%s is %s', (header, name) => expect(hostName(header)).toBe(name));

  it.each([
    undefined,
    '',
    ':7410',
    'a b',
    'user@host',
    'host/path',
    'host:port',
    '[::1',
    'host:7410:7410',
    '-host',
  ])('%s is none', (header) => expect(hostName(header)).toBeNull());
});

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['localhost', true],
    ['::1', true],
    ['127.evil.example', false],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.7', false],
  ])('%s stays on this machine: %s', (host, stays) => expect(isLoopbackHost(host)).toBe(stays));
});
