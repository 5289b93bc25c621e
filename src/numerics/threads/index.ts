export type { ThreadHost } from './thread-host.ts';
export { CONTROL_BYTES, ThreadTeam } from './thread-team.ts';
