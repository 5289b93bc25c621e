export { dataFolder, defaultWorkspaceFolder, isWorkspace, resolveWorkspace } from './locations.ts';
export { makeFolders } from './make-folders.ts';
