export { ConnectionRoom, type ConnectionRoomOptions } from './connection-room.ts';
export { connectionsJobs } from './connections-jobs.ts';
export { connectionsMigrations } from './migrations.ts';
