import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { VERSION } from '../../shared/version.ts';
import type { EngineRouter } from '../router/index.ts';

/** The OpenAPI 3.1 description of `/api`, as JSON text. */
export async function createOpenApiDocument(router: EngineRouter): Promise<string> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(router, {
    info: {
      title: 'Falaj',
      version: VERSION,
      description:
        'The workstation’s engine. Errors are RFC 9457 problem details with `code`, `hint` and `details`.',
    },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
  return JSON.stringify(document);
}
