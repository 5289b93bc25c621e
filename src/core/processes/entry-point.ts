/**
 * Programs that run beside the engine. In development and tests they are TypeScript files next to their room (Node runs
 * them directly); in a build every entry lies beside the bundle under its own name.
 */
const SOURCES = {
  'data-reader': '../data/reader/child.ts',
  'runs-reader': '../tracking/transfer/reader/child.ts',
  'inference-session': '../inference/session-child.ts',
  'device-probe': '../devices/probe-child.ts',
  'training-graphics': '../training/graphics/child.ts',
  'training-helper': '../training/helper.ts',
  'training-worker': '../training/worker.ts',
  'feature-worker': '../features/worker.ts',
  'key-derivation': '../vault/derivation-worker.ts',
} as const;

export type EntryPointName = keyof typeof SOURCES;

export function entryPoint(name: EntryPointName): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL(SOURCES[name], import.meta.url)
    : new URL(`./${name}.mjs`, import.meta.url);
}
