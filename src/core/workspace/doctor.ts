import { statSync } from 'node:fs';
import type { DoctorCheck } from '../../shared/contract/types.ts';
import { toFalajError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/units.ts';
import type { Rooms } from './rooms.ts';
import { diskFreeBytes } from './storage-use.ts';

const LOW_DISK_BYTES = 5 * 2 ** 30;

/** Looks at everything that may keep a workspace from working, and says what to do about it. */
export async function examine(folder: string, rooms: Rooms | null): Promise<DoctorCheck[]> {
  const checks = [nodeVersion(), await diskSpace(folder), folderMode(folder)];
  if (rooms === null) {
    checks.push({
      id: 'store',
      status: 'unknown',
      summary: 'The workspace is locked; its store was not read.',
      hint: 'Unlock it to check the store and the audit log.',
    });
    return checks;
  }
  checks.push(damage('store', 'Every page of the store is intact.', () => rooms.store.check()));
  checks.push(blobFiles(rooms), auditLog(rooms));
  checks.push(recoveryKey(rooms));
  return checks;
}

function nodeVersion(): DoctorCheck {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24
    ? { id: 'node', status: 'good', summary: `Node ${process.versions.node}.`, hint: '' }
    : {
        id: 'node',
        status: 'bad',
        summary: `Node ${process.versions.node} is too old.`,
        hint: 'Start Falaj with its own Node 24 (npm start, npx falaj).',
      };
}

async function diskSpace(folder: string): Promise<DoctorCheck> {
  const free = await diskFreeBytes(folder);
  if (free === null)
    return { id: 'disk', status: 'unknown', summary: 'The free disk space is unknown.', hint: '' };
  const low = free < LOW_DISK_BYTES;
  return {
    id: 'disk',
    status: low ? 'attention' : 'good',
    summary: `${formatBytes(free)} are free on the disk of the workspace.`,
    hint: low ? 'Imports and training may fail: free some space or move the workspace.' : '',
  };
}

function folderMode(folder: string): DoctorCheck {
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode;
  if (mode === undefined)
    return {
      id: 'folder',
      status: 'attention',
      summary: `There is no workspace in ${folder} yet.`,
      hint: 'Make one with `falaj init`.',
    };
  const open = process.platform !== 'win32' && (mode & 0o022) !== 0;
  return {
    id: 'folder',
    status: open ? 'attention' : 'good',
    summary: open
      ? 'Other users may write to the folder of the workspace.'
      : 'Only its owner writes to the folder of the workspace.',
    hint: open ? `chmod go-w ${folder}` : '',
  };
}

function damage(id: string, intact: string, check: () => void): DoctorCheck {
  try {
    check();
    return { id, status: 'good', summary: intact, hint: '' };
  } catch (error) {
    const { message, hint } = toFalajError(error);
    return { id, status: 'bad', summary: message, hint };
  }
}

function blobFiles(rooms: Rooms): DoctorCheck {
  const incomplete = rooms.blobs.incomplete();
  if (incomplete.length === 0) {
    const { blobs } = rooms.blobs.usage();
    return { id: 'blobs', status: 'good', summary: `All ${blobs} data files are there, in full.`, hint: '' };
  }
  const more = incomplete.length === 1 ? '' : `, and ${incomplete.length - 1} more`;
  return {
    id: 'blobs',
    status: 'bad',
    summary: `Missing, damaged or of another size: ${incomplete[0]}${more}.`,
    hint: 'Restore the files from a backup, or import their sources again.',
  };
}

function auditLog(rooms: Rooms): DoctorCheck {
  const { intact, size, reason } = rooms.audit.verify();
  return intact
    ? { id: 'audit', status: 'good', summary: `The audit log is intact: ${size} entries.`, hint: '' }
    : {
        id: 'audit',
        status: 'bad',
        summary: reason,
        hint: 'Keep the workspace as it is and compare it with a backup.',
      };
}

function recoveryKey(rooms: Rooms): DoctorCheck {
  const there = rooms.vault.slots.some((slot) => slot.kind === 'recovery');
  return there
    ? {
        id: 'recovery',
        status: 'good',
        summary: 'A recovery key opens the workspace when the passphrase is lost.',
        hint: '',
      }
    : {
        id: 'recovery',
        status: 'attention',
        summary: 'There is no recovery key.',
        hint: 'Add one with `falaj vault add-slot recovery`.',
      };
}
