import type { Engine } from '../engine/engine-context.tsx';

/** Locks, and forgets every answer that came out of the open workspace. */
export async function lockWorkspace(engine: Engine): Promise<void> {
  await engine.client.workspace.lock();
  engine.cache.clear();
  engine.cache.invalidate();
}
