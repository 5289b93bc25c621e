import type { ViewSource } from './features.ts';

/** The name of what a view reads, null for what comes with a request. */
export const sourceName = ({ dataset, view }: ViewSource): string | null => dataset ?? view ?? null;
