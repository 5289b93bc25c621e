export { dataFolder, defaultWorkspaceFolder, isWorkspace, resolveWorkspace } from './locations.ts';
