import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addWorktree, madeIn, removeWorktree } from './git-state.ts';
import { codeOf, type ScriptCapture } from './script-capture.ts';

export interface CodeCopy {
  readonly workingDirectory: string;
  /** Takes the copy away, unless something was made in it: then it stays, and its place is told. */
  close(): Promise<string | null>;
}

/**
 * A copy of the code as it was, outside of the working copy. `current` where it is the same now or git never knew it, and
 * `gone` where git cannot give it any more.
 *
 * @param diff the changes since the commit that were kept.
 */
export async function pastCode(
  workingDirectory: string,
  git: ScriptCapture['git'],
  diff: string | null,
): Promise<CodeCopy | 'current' | 'gone'> {
  if (git === null) return 'current';
  const now = await codeOf(workingDirectory);
  if (now?.facts.commit === git.commit && now.facts.changes === git.changes) return 'current';
  // What was too large to keep cannot be put back.
  if (git.changes === null) return 'gone';
  const above = mkdtempSync(path.join(os.tmpdir(), 'falaj-code-'));
  const folder = path.join(above, 'code');
  const remove = async (): Promise<void> => {
    await removeWorktree(git.root, folder);
    rmSync(above, { recursive: true, force: true });
  };
  if (await addWorktree(git.root, folder, { commit: git.commit, diff })) {
    // Files that the changes themselves add are there from the start.
    const atFirst = new Set(await madeIn(folder));
    return {
      workingDirectory: path.join(folder, path.relative(git.root, workingDirectory)),
      close: async () => {
        if ((await madeIn(folder)).some((file) => !atFirst.has(file))) return folder;
        await remove();
        return null;
      },
    };
  }
  await remove();
  return 'gone';
}
