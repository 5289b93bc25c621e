import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { ORPCError } from '@orpc/server';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { ERROR_CODES, FalajError, isErrorCode } from '../../shared/errors.ts';
import { type CallContext, type EngineRouter, toPublicError } from '../router/index.ts';
import { type ArrowEngine, createArrowRoutes } from './arrow-routes.ts';
import { createOpenApiDocument } from './openapi-document.ts';
import { PROBLEM_TYPE, problem, sendProblem } from './problem.ts';

/** Files are handed over by path: what crosses as a body is small. */
export const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

export interface Api {
  /** Answers `/rpc` and `/api`; false when there is no such procedure. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    context?: CallContext,
  ): Promise<boolean>;
}

/** The contract over HTTP, twice: oRPC's own protocol for the screens, REST with an OpenAPI document for everybody else. */
export function createApi(router: EngineRouter, report: (error: unknown) => void, arrow: ArrowEngine): Api {
  const answerArrow = createArrowRoutes({ engine: arrow, report });
  // Procedures' errors are public already; what is thrown around them (an unreadable body) is made so here.
  const makePublic = async <Result>({ next }: { next(): Promise<Result> }): Promise<Result> => {
    try {
      return await next();
    } catch (error) {
      throw toPublicError(
        error instanceof ORPCError ? error : new ORPCError('BAD_REQUEST', { cause: error }),
        report,
      );
    }
  };
  const plugins = () => [new BodyLimitPlugin({ maxBodySize: BODY_LIMIT_BYTES })];
  const rpc = new RPCHandler(router, { plugins: plugins(), interceptors: [makePublic] });
  const rest = new OpenAPIHandler(router, {
    plugins: plugins(),
    interceptors: [makePublic],
    customErrorResponseBodyEncoder: (error) => problemOf(error),
    rootInterceptors: [
      async ({ next }) => {
        const result = await next();
        if (!result.matched || result.response.status < 400) return result;
        const body = new Response(JSON.stringify(result.response.body)).body ?? undefined;
        return {
          matched: true,
          response: { ...result.response, headers: { 'content-type': PROBLEM_TYPE }, body },
        };
      },
    ],
  });
  let document: Promise<string> | undefined;
  return {
    handle: async (request, response, path, context = {}) => {
      response.setHeader('cache-control', 'no-store');
      response.setHeader('x-content-type-options', 'nosniff');
      if (await answerArrow(request, response, path, context.reader)) return true;
      if (!hasJsonOrNoBody(request)) {
        sendProblem(response, unsupportedMediaType());
        return true;
      }
      if (path.startsWith('/rpc/'))
        return (await rpc.handle(request, response, { prefix: '/rpc', context })).matched;
      if (path === '/api/openapi.json' && request.method === 'GET') {
        document ??= createOpenApiDocument(router);
        response.writeHead(200, { 'content-type': 'application/json' }).end(await document);
        return true;
      }
      return (await rest.handle(request, response, { prefix: '/api', context })).matched;
    },
  };
}

/** JSON is what a foreign page cannot send without asking first; forms and plain text it can. */
function hasJsonOrNoBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return true;
  return /^application\/json *(?:;|$)/i.test(headers['content-type'] ?? '');
}

const unsupportedMediaType = (): FalajError =>
  new FalajError('UNSUPPORTED_MEDIA_TYPE', 'A body must be JSON.', {
    hint: 'Send it with `Content-Type: application/json`.',
  });

function problemOf(error: ORPCError<string, unknown>): ReturnType<typeof problem> {
  const data = (error.data ?? {}) as Partial<Pick<FalajError, 'hint' | 'details'>>;
  const code = isErrorCode(error.code) ? error.code : 'INTERNAL';
  return { ...problem(new FalajError(code, error.message, data)), status: ERROR_CODES[code].status };
}
