import { readFileSync } from 'node:fs';
import { FalajError } from '../../shared/errors.ts';

/**
 * The passphrase of `FALAJ_PASSPHRASE` (or another variable), or the first line of the file that `FALAJ_PASSPHRASE_FILE` names; undefined when
 * neither is set. Both are taken out of `environment`, so that no child process inherits them.
 */
export function takeUnattendedPassphrase(
  environment: Record<string, string | undefined>,
  variable: 'FALAJ_PASSPHRASE' | 'FALAJ_NEW_PASSPHRASE' = 'FALAJ_PASSPHRASE',
): string | undefined {
  const direct = environment[variable];
  const file = environment[`${variable}_FILE`];
  delete environment[variable];
  delete environment[`${variable}_FILE`];
  if (direct !== undefined && direct !== '') return direct;
  if (file === undefined || file === '') return undefined;
  const passphrase = readFirstLine(file, variable);
  if (passphrase !== '') return passphrase;
  throw new FalajError('FILE_UNREADABLE', `The file that ${variable}_FILE names is empty.`, {
    details: { file },
  });
}

function readFirstLine(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FalajError(
      code === 'ENOENT' ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      `The passphrase file ${file} cannot be read.`,
      {
        hint: `${variable}_FILE must name a text file whose first line is the passphrase.`,
        details: { file },
        cause: error,
      },
    );
  }
}
