export { PlacementRoom } from './placement-room.ts';
