// Tries to take the lock of each folder it is sent, all starters at the same moment, and tells whether it has it.

import { takeWorkspaceLock } from '../../src/core/workspace/workspace-lock.ts';
import { toFalajError } from '../../src/shared/errors.ts';

process.on('message', ({ folder, at }: { folder: string; at: number }) => {
  while (Date.now() < at);
  try {
    takeWorkspaceLock(folder);
    process.send?.('taken');
  } catch (error) {
    process.send?.(toFalajError(error).code);
  }
});
process.send?.('ready');
