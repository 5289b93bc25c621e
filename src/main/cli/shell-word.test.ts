import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellWord } from './shell-word.ts';

describe('a word for the shell', () => {
  it('leaves a plain path as it is', () => {
    expect(shellWord('/home/amal/مشروع/forest-1')).toBe('/home/amal/مشروع/forest-1');
  });

  it('is in double quotes where Windows reads it', () => {
    expect(shellWord(String.raw`C:\Users\amal\work`, 'win32')).toBe(String.raw`C:\Users\amal\work`);
    expect(shellWord(String.raw`C:\My Work`, 'win32')).toBe(String.raw`"C:\My Work"`);
  });

  it.skipIf(process.platform === 'win32').each(['my work', "amal's $HOME", '"a" `b`; c', '', 'a\nb', 'a\\b'])(
    'is read back by a shell as it was: %j',
    (text) => {
      expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(
        text,
      );
    },
  );
});
