export { type LineageOptions, LineageRoom } from './lineage-room.ts';
