import { readFileSync } from 'node:fs';
import { FalajError } from '../../shared/errors.ts';

/**
 * The passphrase of `FALAJ_PASSPHRASE`, or the first line of the file that `FALAJ_PASSPHRASE_FILE` names; undefined when
 * neither is set. Both are taken out of `environment`, so that no child process inherits them.
 */
export function takeUnattendedPassphrase(
  environment: Record<string, string | undefined>,
): string | undefined {
  const direct = environment['FALAJ_PASSPHRASE'];
  const file = environment['FALAJ_PASSPHRASE_FILE'];
  delete environment['FALAJ_PASSPHRASE'];
  delete environment['FALAJ_PASSPHRASE_FILE'];
  if (direct !== undefined && direct !== '') return direct;
  if (file === undefined || file === '') return undefined;
  const passphrase = readFirstLine(file);
  if (passphrase !== '') return passphrase;
  throw new FalajError('FILE_UNREADABLE', 'The file that FALAJ_PASSPHRASE_FILE names is empty.', {
    details: { file },
  });
}

function readFirstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FalajError(
      code === 'ENOENT' ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      `The passphrase file ${file} cannot be read.`,
      {
        hint: 'FALAJ_PASSPHRASE_FILE must name a text file whose first line is the passphrase.',
        details: { file },
        cause: error,
      },
    );
  }
}
