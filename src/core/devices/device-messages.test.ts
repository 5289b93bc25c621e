import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEVICE_TEXTS, deviceMessage, englishText, quoted } from './device-messages.ts';

const screens = JSON.parse(
  readFileSync(new URL('../../../resources/i18n/en.json', import.meta.url), 'utf8'),
) as { devices: { messages: Record<string, string> } };

describe('a message about devices', () => {
  it('says the same in scripts as on English screens', () => {
    const { quoted: _words, ...translated } = DEVICE_TEXTS;
    const texts = Object.entries<string | readonly [string, string]>(translated).flatMap(([code, text]) =>
      typeof text === 'string'
        ? [[code, text]]
        : [
            [`${code}_one`, text[0]],
            [`${code}_other`, text[1]],
          ],
    );
    expect(Object.fromEntries(texts)).toEqual(screens.devices.messages);
  });

  it('has its values in its text, and those of others as they are', () => {
    expect(deviceMessage('found', { count: 1 }).text).toBe('1 device.');
    expect(deviceMessage('found', { count: 3 }).text).toBe('3 devices.');
    const said = { ...quoted('GPU $& is {{lost}}'), about: 'cuda' };
    expect(englishText([said, deviceMessage('notTried')])).toBe(
      'cuda: GPU $& is {{lost}} Not tried yet: start a verification.',
    );
  });
});
