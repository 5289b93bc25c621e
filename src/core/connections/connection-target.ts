import type { z } from 'zod';
import type { connectionSecret } from '../../shared/contract/connections.ts';
import { FalajError } from '../../shared/errors.ts';
import type { ConnectionTarget } from './connection-table.ts';

export type ConnectionSecret = z.infer<typeof connectionSecret>;

/** Where a connection leads, for a person: never a secret, since a target holds none. */
export function describeTarget(target: ConnectionTarget): string {
  switch (target.kind) {
    case 'postgresql':
      return `${target.user}@${target.host}:${target.port}/${target.database}`;
    case 's3':
      return `${target.endpoint.replace(/\/$/, '')}/${target.bucket}`;
    default:
      return target.path;
  }
}

/** The machine that is called; null when none is. */
export function targetHost(target: ConnectionTarget): string | null {
  switch (target.kind) {
    case 'postgresql':
      return target.host;
    case 's3':
      return new URL(target.endpoint).host;
    default:
      return null;
  }
}

/** Refuses a target without the secret that its kind needs, and one with another. */
export function assertSecretFits(target: ConnectionTarget, secret: ConnectionSecret | undefined): void {
  const misfit = (message: string, hint: string): FalajError =>
    new FalajError('BAD_INPUT', message, { hint });
  switch (target.kind) {
    case 'postgresql':
      if (secret !== undefined && !('password' in secret))
        throw misfit(
          'PostgreSQL takes a password, not keys.',
          'Say --password-env VAR or --password-file F.',
        );
      return;
    case 's3':
      if (secret === undefined || !('accessKey' in secret))
        throw misfit('An object store needs two keys.', 'Say --access-key-env VAR and --secret-key-env VAR.');
      if (/[@?#]/.test(target.endpoint))
        throw misfit('The endpoint holds more than an address.', 'Give it as https://host:port.');
      return;
    default:
      if (secret !== undefined) throw misfit('A file needs no secret.', 'Leave the password out.');
  }
}
