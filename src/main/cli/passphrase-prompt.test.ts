import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askNewSecret, askSecret, type Terminal } from './passphrase-prompt.ts';

function terminal() {
  const input = new PassThrough();
  const raw: boolean[] = [];
  let shown = '';
  const fake = Object.assign(input, { setRawMode: (mode: boolean) => raw.push(mode) });
  return {
    terminal: {
      input: fake as unknown as NodeJS.ReadStream,
      output: { write: (text: string) => (shown += text) },
    } satisfies Terminal,
    type: (text: string) => input.write(text),
    raw,
    shown: () => shown,
  };
}

describe('asking for a passphrase', () => {
  it('shows nothing of what is typed, and takes corrections', async () => {
    const { terminal: at, type, shown, raw } = terminal();
    const asked = askSecret('Passphrase: ', at);
    type('opem');
    type('\u007fn سمسم\r');
    expect(await asked).toBe('open سمسم');
    expect(shown()).toBe('Passphrase: \n');
    expect(raw).toEqual([true, false]);
  });

  it('stops the command at Ctrl-C, and gives the terminal back', async () => {
    const { terminal: at, type, raw } = terminal();
    const asked = askSecret('Passphrase: ', at);
    type('half\u0003');
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED', exitCode: 130 });
    expect(raw).toEqual([true, false]);
  });

  it('takes a new one only when it was typed the same twice', async () => {
    const same = terminal();
    const asked = askNewSecret(same.terminal);
    same.type('secret\n');
    await new Promise((resolve) => setImmediate(resolve));
    same.type('secret\n');
    expect(await asked).toBe('secret');
    const other = terminal();
    const refused = askNewSecret(other.terminal);
    other.type('secret\n');
    await new Promise((resolve) => setImmediate(resolve));
    other.type('secrets\n');
    await expect(refused).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});
