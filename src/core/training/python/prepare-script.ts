import type { DeviceReport } from '../../../shared/contract/types.ts';
import type { PythonLearner } from '../../../shared/definitions/training.ts';
import type { AuditLog } from '../../audit/index.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { ShellEnvironments } from '../../scripts/index.ts';
import type { Store } from '../../store/index.ts';
import type { PreparedScript } from './kept-script.ts';
import { openScriptLearner } from './script-learner.ts';

/** How a training asks for its script to be run. */
export interface ScriptRequest {
  /** Of the shell that it was started from. */
  readonly environmentId?: string | undefined;
  /** Folder of wheels for its environment. */
  readonly wheelhouse?: string | undefined;
}

export interface ScriptSurroundings {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly environments: ShellEnvironments;
  readonly devices: () => Promise<Pick<DeviceReport, 'accelerators'>>;
  readonly context: JobContext;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Records that a training starts a program, and makes it ready. */
export async function prepareScript(
  { name, learner }: { readonly name: string; readonly learner: PythonLearner },
  { environmentId, wheelhouse }: ScriptRequest,
  { store, audit, environments, devices, context, clock }: ScriptSurroundings,
): Promise<PreparedScript> {
  store.transaction(() =>
    audit.append({
      action: 'run.script',
      object: `Training/${name}`,
      details: { program: learner.script },
    }),
  );
  const { accelerators } = await devices();
  const wheels = wheelhouse ?? null;
  const opened = await openScriptLearner({
    learner,
    shell: environments.of(environmentId),
    wheelhouse: wheels,
    accelerators,
    context,
    clock,
  });
  return { ...opened, name, wheelhouse: wheels };
}
