import { FalajError } from './errors.ts';

/** For whoever came by a link or a token. `command` is what does it on the machine itself. */
export const programsForbidden = (command: string): FalajError =>
  new FalajError('FORBIDDEN', 'Programs are not started from here.', {
    hint: `Use \`${command}\` on the machine itself: whoever holds a link or a token must not be able to run commands.`,
  });
