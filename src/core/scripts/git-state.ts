import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What of a working copy is not in its commit is kept up to this size. */
const LARGEST_DIFF_BYTES = 16 * 1024 * 1024;
const GIT_WITHIN_MS = 20_000;
const MOST_UNTRACKED = 1000;

/** The code that a script ran from. */
export interface GitState {
  readonly commit: string;
  readonly branch: string | null;
  readonly remote: string | null;
  /** The top folder of the working copy. */
  readonly root: string;
  /** All changes to tracked files since the commit, as `git apply` takes them; null where they are too large to keep. */
  readonly diff: string | null;
  /** Files that git does not know, ignored ones aside; the first thousand. */
  readonly untracked: readonly string[];
}

/** Null outside of a working copy, before its first commit, and where git is not installed. */
export async function gitState(folder: string): Promise<GitState | null> {
  const commit = await git(folder, ['rev-parse', 'HEAD']);
  if (commit === null) return null;
  const root = ((await git(folder, ['rev-parse', '--show-toplevel'])) ?? folder).trimEnd();
  const [branch, remote, diff, untracked] = await Promise.all([
    git(folder, ['symbolic-ref', '--short', '-q', 'HEAD']),
    git(folder, ['config', '--get', 'remote.origin.url']),
    git(root, ['diff', '--binary', '--no-color', '--no-ext-diff', '--no-textconv', 'HEAD']),
    git(root, ['ls-files', '--others', '--exclude-standard', '-z']),
  ]);
  return {
    commit: commit.trim(),
    branch: branch?.trim() || null,
    remote: remote === null ? null : withoutCredentials(remote.trim()),
    root,
    diff,
    untracked: (untracked ?? '').split('\0').filter(Boolean).slice(0, MOST_UNTRACKED),
  };
}

/** A copy of the working tree at a commit, with changes put on top. The caller removes it with {@link removeWorktree}. */
export async function addWorktree(
  root: string,
  folder: string,
  at: { readonly commit: string; readonly diff: string | null },
): Promise<boolean> {
  if ((await git(root, ['worktree', 'add', '--detach', folder, at.commit])) === null) return false;
  if (at.diff === null || at.diff === '') return true;
  return (await git(folder, ['apply', '--binary', '--whitespace=nowarn', '-'], at.diff)) !== null;
}

/** What has been made in a copy of the working tree, compiled Python aside. */
export async function madeIn(folder: string): Promise<string[]> {
  const files = (await git(folder, ['ls-files', '--others', '-z'])) ?? '';
  return files.split('\0').filter((file) => file !== '' && !/(?:^|\/)__pycache__\//.test(file));
}

/** Takes a copy of the working tree away, with all that was made in it. */
export const removeWorktree = (root: string, folder: string): Promise<unknown> =>
  git(root, ['worktree', 'remove', '--force', folder]);

/** Standard output, or null when git failed, was not there, said too much or took too long. */
async function git(folder: string, args: readonly string[], input?: string): Promise<string | null> {
  try {
    const running = execute('git', ['-C', folder, '-c', 'core.fsmonitor=false', ...args], {
      maxBuffer: LARGEST_DIFF_BYTES,
      timeout: GIT_WITHIN_MS,
      // It must not ask anybody anything, nor run what a repository's configuration names as a pager or monitor.
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_PAGER: 'cat' },
    });
    // One that ends before it has read all closes its end; how it ended is told below.
    if (input !== undefined) running.child.stdin?.on('error', () => undefined).end(input);
    return (await running).stdout;
  } catch {
    return null;
  }
}

function withoutCredentials(remote: string): string {
  try {
    const url = new URL(remote);
    url.username = '';
    url.password = '';
    return url.toString();
  } catch {
    // Not a URL: `git@host:path`, which carries no secret.
    return remote;
  }
}
