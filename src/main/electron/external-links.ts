/** The sites that the product's own texts link to; all else stays where it is. */
const ALLOWED_HOSTS: ReadonlySet<string> = new Set([
  'onnx.ai',
  'onnxruntime.ai',
  'mlflow.org',
  'duckdb.org',
  'electronjs.org',
  'www.electronjs.org',
  'nodejs.org',
]);

const LONGEST_ADDRESS = 2_048;

/** The address to offer to the person's browser, normalised; null when it is not one that may be opened. */
export function externalAddress(address: string): string | null {
  if (address.length > LONGEST_ADDRESS || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '' || url.port !== '') return null;
  return ALLOWED_HOSTS.has(url.hostname) ? url.href : null;
}
