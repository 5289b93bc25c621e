const RUN = /^#\/experiments\/[^/?]+\/runs\/([^/?]+)/;
const VERSION = /^#\/models\/([^/?]+)(?:\/versions\/(\d+))?/;

/**
 * The page here for a link as MLflow's client prints it (`#/experiments/1/runs/ID`, `#/models/NAME/versions/2`); null for any
 * other address.
 */
export function addressOfMlflowLink(hash: string): string | null {
  const run = RUN.exec(hash);
  if (run !== null) return `/runs/${run[1]!}`;
  const model = VERSION.exec(hash);
  if (model !== null)
    return model[2] === undefined ? `/models/${model[1]!}` : `/models/${model[1]!}/${model[2]}`;
  return hash.startsWith('#/experiments') ? '/runs' : null;
}
