import { type AdapterFacts, softwareDriver } from './software-adapter.ts';

export interface OpenedAdapter {
  readonly facts: AdapterFacts;
  /** With all the memory that the adapter gives to one buffer. An adapter gives one device. */
  openDevice(): Promise<GPUDevice>;
}

/** Dawn ends with this object, whatever else of it is still in use: it is held as long as the process lives. */
let dawn: GPU | null = null;

/**
 * The fastest adapter of this machine, through Dawn. Loads its native library into the calling process, which a driver may
 * end: never called in the engine's.
 *
 * @param acceptsSoftware for tests: what a software adapter takes says nothing of a GPU.
 * @returns why there is none, where a person can be told.
 */
export async function openAdapter(
  acceptsSoftware = false,
): Promise<OpenedAdapter | { readonly refused: string }> {
  if (dawn === null) {
    try {
      const { create } = await import('webgpu');
      dawn = create([]);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { refused: `Dawn cannot be loaded on ${process.platform} ${process.arch}: ${message}` };
    }
  }
  const adapter = await dawn.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return { refused: 'There is no graphics adapter with a working driver.' };
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const facts = { vendor, architecture, device, description, isFallbackAdapter };
  const software = softwareDriver(facts);
  if (software !== null && !acceptsSoftware)
    return { refused: `Only a software adapter answered (${software}), which computes on the processor.` };
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return {
    facts,
    openDevice: () =>
      adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } }),
  };
}
