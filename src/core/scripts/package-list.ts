import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const WITHIN_MS = 30_000;
const LARGEST_BYTES = 4 * 1024 * 1024;

/** The packages that a script could use, and by which program they were listed. */
export interface PackageList {
  readonly by: string;
  /** One a line, sorted. */
  readonly text: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Asks the command's own Python, then uv, then conda; null where none of them answers. */
export async function packageList(
  command: readonly string[],
  where: { readonly folder: string; readonly environment: Environment },
): Promise<PackageList | null> {
  for (const [program, ...args] of questions(command[0]!, where.environment)) {
    const text = await answer(program!, args, where);
    if (text !== null) return { by: [path.basename(program!), ...args].join(' '), text };
  }
  return null;
}

function questions(program: string, { VIRTUAL_ENV, CONDA_PREFIX }: Environment): string[][] {
  const python = /^python[\d.]*(\.exe)?$/i.test(path.basename(program)) ? program : 'python3';
  return [
    [python, '-m', 'pip', 'list', '--format=freeze', '--disable-pip-version-check'],
    ...(VIRTUAL_ENV === undefined ? [] : [['uv', 'pip', 'freeze', '--python', VIRTUAL_ENV]]),
    ...(CONDA_PREFIX === undefined ? [] : [['conda', 'list', '--export', '--prefix', CONDA_PREFIX]]),
  ];
}

async function answer(
  program: string,
  args: readonly string[],
  { folder, environment }: { readonly folder: string; readonly environment: Environment },
): Promise<string | null> {
  try {
    const { stdout } = await execute(program, [...args], {
      cwd: folder,
      env: environment,
      timeout: WITHIN_MS,
      maxBuffer: LARGEST_BYTES,
    });
    return `${stdout.split(/\r?\n/).filter(Boolean).sort().join('\n')}\n`;
  } catch {
    return null;
  }
}
