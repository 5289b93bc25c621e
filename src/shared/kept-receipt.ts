/** The id in `training-set/ID`, which names a receipt that the workspace keeps; null for anything else, such as a path. */
export const parseKeptReceipt = (reference: string): string | null =>
  /^training-set\/([0-9a-f]{32})$/.exec(reference)?.[1] ?? null;
