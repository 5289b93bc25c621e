import { createReadStream, existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { FalajError, isErrorCode } from '../../../../shared/errors.ts';
import { type ChildExit, type IsolatedChild, spawnIsolated } from '../../../processes/index.ts';
import type { RunSource, SourceRun } from '../import-runs.ts';
import { filesUnder } from './files-under.ts';
import {
  fromColumns,
  type ReaderReply,
  type ReaderRequest,
  type RunHeader,
  readerReply,
} from './messages.ts';

const MEMORY_LIMIT_BYTES = 1_073_741_824;
const TIME_LIMIT_MS = 6 * 3_600_000;

/** The runs of another tool's folder, which an isolated child reads. Files of runs are copied without being looked into. */
export const isolatedRuns = (open: Extract<ReaderRequest, { kind: 'open' }>): RunSource =>
  async function* ({ signal }) {
    const { dir } = open;
    const found = statSync(dir, { throwIfNoEntry: false });
    if (found === undefined) throw new FalajError('FILE_NOT_FOUND', `There is no folder ${dir}.`);
    if (!found.isDirectory())
      throw new FalajError('BAD_INPUT', `${dir} is a file, not a folder.`, {
        hint:
          open.from === 'mlruns'
            ? 'Give the mlruns folder. A database of MLflow is read through its server: start `mlflow server --backend-store-uri sqlite:///FILE` and give its address.'
            : 'Give the folder that it lies in.',
      });
    const child = spawnIsolated({
      entry: 'runs-reader',
      readable: [dir],
      memoryLimitBytes: MEMORY_LIMIT_BYTES,
      timeLimitMs: TIME_LIMIT_MS,
      signal,
    });
    try {
      const ask = asking(child, signal);
      child.send(open);
      for (;;) {
        const next = await ask({ kind: 'run' });
        if (next.kind === 'end') return;
        yield sourceRun(expected(next, 'run').header, dir, ask);
      }
    } finally {
      child.kill();
      await child.exited;
    }
  };

type Ask = (request: ReaderRequest) => Promise<ReaderReply>;

function sourceRun(header: RunHeader, dir: string, ask: Ask): SourceRun {
  const { artifactFolder, ...facts } = header;
  let texts: Promise<Extract<ReaderReply, { kind: 'facts' }>> | null = null;
  const told = () => {
    texts ??= ask({ kind: 'facts' }).then((reply) => expected(reply, 'facts'));
    return texts;
  };
  return {
    ...facts,
    name: header.name,
    userId: header.userId,
    startedAt: header.startedAt,
    endedAt: header.endedAt,
    params: async () => (await told()).params,
    tags: async () => (await told()).tags,
    points: async function* () {
      for (let isLast = false; !isLast; ) {
        const reply = expected(await ask({ kind: 'points' }), 'points');
        yield* fromColumns(reply.columns);
        isLast = reply.isLast;
      }
    },
    artifacts: async function* () {
      if (artifactFolder === null) return;
      const folder = path.join(dir, ...artifactFolder.split('/'));
      if (!existsSync(folder)) return;
      if (!realpathSync(folder).startsWith(realpathSync(dir) + path.sep)) throw leadsOut(folder);
      for (const file of await filesUnder(folder))
        yield { path: file, content: createReadStream(path.join(folder, ...file.split('/'))) };
    },
  };
}

/** One question at a time; a child that ends, or answers nonsense, has failed. */
function asking(child: IsolatedChild, signal: AbortSignal): Ask {
  let settle: ((message: unknown) => void) | null = null;
  child.onMessage((message) => {
    settle?.(message);
    settle = null;
  });
  return async (request) => {
    const answered = new Promise<unknown>((resolve) => {
      settle = resolve;
    });
    child.send(request);
    const message = await Promise.race([answered, child.exited.then((exit) => endedEarly(exit, signal))]);
    const parsed = readerReply.safeParse(message);
    if (!parsed.success) throw misbehaved();
    const reply = parsed.data;
    if (reply.kind !== 'error') return reply;
    throw new FalajError(isErrorCode(reply.code) ? reply.code : 'CHILD_FAILED', reply.message, {
      hint: reply.hint,
      details: reply.details,
    });
  };
}

function expected<Kind extends ReaderReply['kind']>(
  reply: ReaderReply,
  kind: Kind,
): Extract<ReaderReply, { kind: Kind }> {
  if (reply.kind !== kind) throw misbehaved();
  return reply as Extract<ReaderReply, { kind: Kind }>;
}

function endedEarly({ killedFor }: ChildExit, signal: AbortSignal): never {
  signal.throwIfAborted();
  if (killedFor === 'memory') {
    throw new FalajError('OUT_OF_MEMORY', 'Reading the runs needed more memory than it may have.', {
      hint: 'A file of the folder may be damaged. Import its parts one after the other.',
    });
  }
  throw misbehaved();
}

const leadsOut = (folder: string): FalajError =>
  new FalajError('FILE_UNREADABLE', `${folder} leads out of the folder that is imported.`, {
    hint: 'Copy the files to where the link stands.',
    details: { file: folder },
  });

const misbehaved = (): FalajError =>
  new FalajError('CHILD_FAILED', 'The process that reads runs ended without an answer.', {
    hint: 'A file of the folder may be damaged.',
  });
