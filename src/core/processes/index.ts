export { applyCompilerFlags, COMPILER_FLAGS } from './compiler-flags.ts';
export { type EntryPointName, entryPoint } from './entry-point.ts';
export { isOwn } from './is-own.ts';
export { isRunning } from './is-running.ts';
export { JOB_VARIABLE } from './job-variable.ts';
export { listProcesses, type ProcessFacts, processesMarked } from './process-list.ts';
export { type ProcessStat, parseProcessStat } from './process-stat.ts';
export {
  canHaltProcesses,
  endProcessTree,
  haltProcessTree,
  type ProcessTree,
  processesOf,
  resumeProcessTree,
  treeOf,
} from './process-tree.ts';
export { residentBytes } from './resident-memory.ts';
export {
  type ChildExit,
  type ChildLimits,
  type IsolatedChild,
  type IsolatedChildOptions,
  spawnIsolated,
  type WaitingChild,
} from './spawn-isolated.ts';
