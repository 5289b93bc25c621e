import { createRouterClient } from '@orpc/server';
import type { EngineClient } from '../../shared/contract/types.ts';
import type { CallContext, EngineRouter } from '../router/index.ts';
import { callerInterceptor } from './caller-interceptor.ts';

/** The contract carried out in this process: the same router, schemas and errors, without a wire. */
export const createInProcessClient = (router: EngineRouter, context: CallContext = {}): EngineClient =>
  createRouterClient(router, { context, interceptors: [callerInterceptor] });
