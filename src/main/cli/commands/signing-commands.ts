import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { FalajError } from '../../../shared/errors.ts';
import {
  type ModelSignatureCheck,
  SIGNATURE_FILE,
  signModel,
  verifyModelSignature,
} from '../../../trust/model-signature/index.ts';
import type { CommandContext } from '../command-context.ts';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { digestFolder } from '../digest-folder.ts';
import { formatNumber, textTable } from '../text-table.ts';

export function addSigningCommands(program: Command, run: CommandRunner): void {
  program
    .command('sign')
    .description('sign a folder: every file in it, by OpenSSF Model Signing')
    .argument('<dir>')
    .requiredOption('--key <pem>', 'the private key: P-256, P-384 or P-521 in a PEM file')
    .option('--out <file>', `where the signature goes; ${SIGNATURE_FILE} in the folder unless said`)
    .action((dir: string, options: { key: string; out?: string }, command: Command) =>
      run(command, (context) => sign(context, context.path(dir), options)),
    );

  program
    .command('verify')
    .description('check a folder against its signature; exit 3 when it does not hold')
    .argument('<dir>')
    .argument('[signature]', `${SIGNATURE_FILE} in the folder unless said`)
    .requiredOption('--public-key <pem>', 'the signer’s public key in a PEM file')
    .action((dir: string, signature: string | undefined, options: { publicKey: string }, command: Command) =>
      run(command, (context) => verify(context, context.path(dir), signature, options)),
    );
}

async function sign(
  context: CommandContext,
  folder: string,
  options: { key: string; out?: string },
): Promise<void> {
  const signatureFile =
    options.out === undefined ? path.join(folder, SIGNATURE_FILE) : context.path(options.out);
  const privateKeyPem = await readText(context.path(options.key));
  const files = await digestFolder(folder, { signatureFile, signal: context.signal });
  const signed = trySign({ folderName: path.basename(folder), files, privateKeyPem });
  await writeText(signatureFile, signed.signature);
  context.out.result(
    { signature: signatureFile, digest: signed.digest, files: files.length },
    () => `Signed ${formatNumber(files.length)} files, digest ${signed.digest}: ${signatureFile}`,
  );
}

async function verify(
  context: CommandContext,
  folder: string,
  given: string | undefined,
  options: { publicKey: string },
): Promise<number> {
  const signatureFile = given === undefined ? path.join(folder, SIGNATURE_FILE) : context.path(given);
  const publicKeyPem = await readText(context.path(options.publicKey));
  const signature = await readText(signatureFile);
  const files = await digestFolder(folder, { signatureFile, signal: context.signal });
  const check = verifyModelSignature({ signature, files, publicKeyPem });
  context.out.result(check, () => textCheck(check));
  return check.verified ? 0 : FOUND_SOMETHING;
}

const textCheck = (check: ModelSignatureCheck): string =>
  [
    check.verified
      ? `Verified: ${formatNumber(check.files.length)} files, digest ${check.digest}`
      : `NOT verified: ${check.reason}`,
    ...check.warnings.map((warning) => `warning: ${warning}`),
    ...(check.verified
      ? []
      : [
          textTable(
            check.files.filter((file) => file.status !== 'ok'),
            [
              ['File', (file) => file.path],
              ['State', (file) => file.status],
            ],
            '',
          ),
        ]),
  ]
    .filter((text) => text !== '')
    .join('\n');

function trySign(options: Parameters<typeof signModel>[0]): ReturnType<typeof signModel> {
  try {
    return signModel(options);
  } catch (error) {
    if (error instanceof FalajError) throw error;
    throw new FalajError('BAD_INPUT', 'The key cannot be read as a private key.', {
      hint: 'Make one with: openssl ecparam -name prime256v1 -genkey -noout -out key.pem',
      cause: error,
    });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FalajError(missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE', `${file} cannot be read.`, {
      details: { file },
      cause: error,
    });
  }
}

async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FalajError(
      code === 'ENOSPC' ? 'DISK_FULL' : 'DISK_FAILED',
      `${file} cannot be written (${code ?? 'unknown reason'}).`,
      { cause: error },
    );
  }
}
