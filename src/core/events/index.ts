export { LiveBus } from './live-bus.ts';
