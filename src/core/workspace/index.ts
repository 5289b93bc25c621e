export { dataFolder, defaultWorkspaceFolder, isWorkspace, resolveWorkspace } from '../locations/index.ts';
export { Engine, type EngineOptions } from './engine.ts';
export type { Rooms } from './rooms.ts';
export { type LockHolder, takeWorkspaceLock, type WorkspaceLock, workspaceHolder } from './workspace-lock.ts';
