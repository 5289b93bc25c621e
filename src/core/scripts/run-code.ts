import type { RunCode } from '../../shared/contract/types.ts';
import { DIFF_FILE, PACKAGES_FILE, type ScriptCapture } from './script-capture.ts';

/** What of a file is worth showing. */
const LONGEST = 1024 * 1024;

/** What was recorded of a run's code, for people to read. `artifact` gives a file's text, or null where it was not kept. */
export async function readRunCode(
  capture: ScriptCapture,
  artifact: (file: string) => Promise<string | null>,
): Promise<RunCode> {
  const { command, git, packages, machine } = capture;
  const shown = async (file: string): Promise<string | null> =>
    (await artifact(file))?.slice(0, LONGEST) ?? null;
  return {
    command,
    git:
      git === null
        ? null
        : {
            commit: git.commit,
            branch: git.branch,
            remote: git.remote,
            changes: git.changes,
            diff: await shown(DIFF_FILE),
            untracked: git.untracked,
          },
    packages: packages === null ? null : { ...packages, list: (await shown(PACKAGES_FILE)) ?? '' },
    machine: { platform: machine.platform, processor: machine.processor, cores: machine.cores },
  };
}
