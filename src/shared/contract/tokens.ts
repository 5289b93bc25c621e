import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instantSchema } from './common.ts';

/** What a token opens: the screens and the contract, the contract, the MLflow-compatible paths, or the serving gateway. */
export const tokenScope = z.enum(['ui', 'api', 'mlflow', 'serving']);

export const accessToken = z.object({
  id: z.string(),
  scope: tokenScope,
  createdAt: instantSchema,
  expiresAt: instantSchema,
});

/** Told once, when it is made. */
export const newAccessToken = accessToken.extend({ token: z.string() });

const DAY_SECONDS = 86_400;
const LONGEST_SECONDS = 366 * DAY_SECONDS;

export const tokensContract = {
  create: oc
    .route({ method: 'POST', path: '/tokens' })
    .input(
      z.object({
        scope: tokenScope,
        ttlSeconds: z.number().int().min(1).max(LONGEST_SECONDS).default(DAY_SECONDS),
      }),
    )
    .output(newAccessToken),
  list: oc.route({ method: 'GET', path: '/tokens' }).output(z.array(accessToken)),
  revoke: oc
    .route({ method: 'DELETE', path: '/tokens/{id}' })
    .input(z.object({ id: z.string().min(1).max(64) }))
    .output(z.object({ revoked: z.literal(true) })),
};
