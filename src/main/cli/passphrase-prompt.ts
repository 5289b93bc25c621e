import { FalajError } from '../../shared/errors.ts';

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: { write(text: string): unknown };
}

const BACKSPACE = new Set(['\u007f', '\b']);

/** Asks on the terminal without showing what is typed. Ctrl-C and the end of input stop the command. */
export function askSecret(question: string, { input, output }: Terminal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const finish = (): void => {
      input.off('data', read);
      input.off('end', stop);
      input.setRawMode(false);
      input.pause();
      output.write('\n');
    };
    const stop = (): void => {
      finish();
      reject(new FalajError('CANCELLED', 'Stopped.'));
    };
    const read = (chunk: string): void => {
      for (const character of chunk) {
        if (character === '\u0003' || character === '\u0004') {
          stop();
          return;
        }
        if (character === '\r' || character === '\n') {
          finish();
          resolve(typed.join(''));
          return;
        }
        if (BACKSPACE.has(character)) typed = typed.slice(0, -1);
        else if (character >= ' ') typed.push(character);
      }
    };
    output.write(question);
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', read);
    input.on('end', stop);
    input.resume();
  });
}

/** A new passphrase, typed twice. */
export async function askNewSecret(terminal: Terminal): Promise<string> {
  const first = await askSecret('New passphrase: ', terminal);
  const second = await askSecret('Once more: ', terminal);
  if (first === second) return first;
  throw new FalajError('BAD_INPUT', 'The two passphrases differ.', { hint: 'Run the command again.' });
}
