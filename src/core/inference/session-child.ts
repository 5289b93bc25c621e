import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { SessionReply, SessionRequest } from './session-messages.ts';
import { type TensorType, tensorTypes, type WireTensor } from './tensor.ts';

/**
 * The process that runs one model. It gets the model's bytes, never a path, has an empty working directory (so that
 * external data in a model leads nowhere), and holds no key. ONNX Runtime's `run` blocks its thread: here that is fine.
 */
const reply = (message: SessionReply): void => {
  process.send?.(message);
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

let session: InferenceSession | null = null;

async function open(request: Extract<SessionRequest, { kind: 'open' }>): Promise<void> {
  try {
    // Spinning threads would burn the cores that the engine needs between two batches.
    const extra = { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } };
    session = await InferenceSession.create(request.model, {
      executionProviders: [request.device],
      intraOpNumThreads: request.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      extra,
    });
    reply({
      kind: 'opened',
      inputs: specsOf(session.inputMetadata),
      outputs: specsOf(session.outputMetadata),
    });
  } catch (error) {
    reply({ kind: 'refused', message: messageOf(error) });
  }
}

async function run(request: Extract<SessionRequest, { kind: 'run' }>): Promise<void> {
  try {
    if (session === null) throw new Error('No model is open.');
    const feeds = Object.fromEntries(
      Object.entries(request.feeds).map(([name, tensor]) => [
        name,
        new Tensor(tensor.type, tensor.data as never, tensor.dims),
      ]),
    );
    const startedAt = performance.now();
    const results = await session.run(feeds);
    const elapsedMs = performance.now() - startedAt;
    const outputs = Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, toWire(name, tensor)]),
    );
    reply({ kind: 'result', id: request.id, elapsedMs, outputs });
  } catch (error) {
    reply({ kind: 'failed', id: request.id, message: messageOf(error) });
  }
}

function toWire(name: string, tensor: unknown): WireTensor {
  if (!(tensor instanceof Tensor)) throw new Error(`The output ${name} is not a tensor.`);
  const type = tensorTypes.find((known) => known === tensor.type);
  if (type === undefined)
    throw new Error(`The output ${name} has the type ${tensor.type}, which is not supported.`);
  return { type, dims: [...tensor.dims], data: tensor.data as WireTensor['data'] };
}

function specsOf(
  metadata: readonly InferenceSession.ValueMetadata[],
): { name: string; type: TensorType | string; shape: number[] }[] {
  return metadata.map((value) =>
    value.isTensor
      ? {
          name: value.name,
          type: value.type,
          shape: value.shape.map((size) => (typeof size === 'number' ? size : -1)),
        }
      : { name: value.name, type: 'not a tensor', shape: [] },
  );
}

process.on('message', (message) => {
  const request = message as SessionRequest;
  if (request.kind === 'open') void open(request);
  else void run(request);
});
process.on('disconnect', () => process.exit(0));
reply({ kind: 'ready', runtime: env.versions.node ?? env.versions.common });
