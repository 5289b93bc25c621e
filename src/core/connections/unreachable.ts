import { FalajError } from '../../shared/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no machine of this name',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
};

/** Why a machine cannot be talked to: the way there, or its certificate. */
export function unreachable(error: unknown, who: string, host: string): FalajError {
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const details = { host };
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME|UNABLE_TO_VERIFY/.test(code) || /certificate/i.test(text)) {
    return new FalajError('UNREACHABLE', `The certificate of ${who} cannot be trusted.`, {
      hint: 'Name the certificate of its authority with --ca FILE.',
      details,
      cause: error,
    });
  }
  const reason =
    REASONS[code] ?? (/timeout|timed out/i.test(text) ? REASONS['ETIMEDOUT'] : 'the connection failed');
  return new FalajError('UNREACHABLE', `${who} cannot be reached: ${reason}.`, {
    hint: 'Check host and port, and that this machine may connect to it.',
    details,
    cause: error,
  });
}

/** Where several addresses were tried, the code of one of them. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : '';
}
