export { collectGarbage, GarbageAfterWork } from './collect-garbage.ts';
