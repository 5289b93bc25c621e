export { type EntryPointName, entryPoint } from './entry-point.ts';
export { residentBytes } from './resident-memory.ts';
export {
  type ChildExit,
  type IsolatedChild,
  type IsolatedChildOptions,
  spawnIsolated,
} from './spawn-isolated.ts';
