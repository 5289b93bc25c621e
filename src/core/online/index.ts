export { onlineMigrations } from './migrations.ts';
export { onlineJobs } from './online-jobs.ts';
export { OnlineRoom, type OnlineRoomOptions } from './online-room.ts';
export { PushLog } from './push-log.ts';
