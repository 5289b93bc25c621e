import { createRouterClient } from '@orpc/server';
import type { EngineClient } from '../../shared/contract/types.ts';
import type { EngineRouter } from '../router/index.ts';
import { callerInterceptor } from './caller-interceptor.ts';

/** The contract carried out in this process: the same router, schemas and errors, without a wire. */
export const createInProcessClient = (router: EngineRouter): EngineClient =>
  createRouterClient(router, { interceptors: [callerInterceptor] });
