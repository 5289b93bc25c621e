import v8 from 'node:v8';
import vm from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { hashColumn } from '../../trust/table-hash/index.ts';
import { buffersOf, computeFeatures, prepareHistory } from './join/compute/feature-task.ts';
import type { FeatureAnswer, FeatureWork, Forget } from './join/compute/feature-threads.ts';
import { computeStretch, handedOver } from './join/compute/stretch-task.ts';
import { computeWindows, partitionWindows } from './join/compute/window-task.ts';

/** Thread that computes features, one piece of work after the other. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

// A thread without work has no reason to collect what it no longer needs, and keeps hundreds of megabytes by small objects.
v8.setFlagsFromString('--expose-gc');
const collectGarbage: () => void = vm.runInNewContext('gc');

port.on('message', (work: FeatureWork | Forget) => {
  if (work.kind === 'forget') {
    collectGarbage();
    return;
  }
  if (work.kind === 'hash') {
    port.postMessage({ hash: hashColumn(work.column) } satisfies FeatureAnswer);
    return;
  }
  if (work.kind === 'prepare') {
    port.postMessage({ prepared: prepareHistory(work.task) } satisfies FeatureAnswer);
    return;
  }
  if (work.kind === 'stretch') {
    const { stretch, buffers } = handedOver(computeStretch(work.task));
    port.postMessage({ stretch } satisfies FeatureAnswer, buffers);
    return;
  }
  if (work.kind === 'partition') {
    port.postMessage({ partitioned: partitionWindows(work.task) } satisfies FeatureAnswer);
    return;
  }
  if (work.kind === 'windows') {
    computeWindows(work.task);
    port.postMessage({ swept: true } satisfies FeatureAnswer);
    return;
  }
  const computed = computeFeatures(work.task);
  port.postMessage({ computed } satisfies FeatureAnswer, buffersOf(computed));
});
