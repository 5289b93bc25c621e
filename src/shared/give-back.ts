/** Memory of less is nothing to the collector, and may be part of a pool. */
const WORTH_BYTES = 4_096;

/**
 * Gives the memory of bytes back now; nothing may hold them any more. Left to the collector it would stay until that has
 * gone through the whole heap, which it does for every 64 MB of arrays that come and go. What is part of a larger memory, or
 * shared, stays.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength >= WORTH_BYTES && byteLength === buffer.byteLength)
    buffer.transfer(0);
}
