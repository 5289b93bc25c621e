import type { EngineClient } from '../../../shared/contract/types.ts';

export const DEMO_SIZES = ['20k', '200k', '3m'] as const;
export type DemoSize = (typeof DEMO_SIZES)[number];

export const startDemo = (client: EngineClient, rows: DemoSize) => client.demo.start({ rows });
