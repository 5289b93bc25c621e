import { workerData } from 'node:worker_threads';
import { helpFit } from '../../numerics/gbdt/index.ts';
import { helpNetwork } from '../../numerics/network/index.ts';
import type { HelpRequest } from './fit-threads.ts';

/**
 * The thread that helps another to learn, in shared memory alone. It loads nothing but the learners' own work: the sooner it
 * is there, the more it helps.
 */
const request = workerData as HelpRequest;
const nowMicros = (): number => performance.now() * 1000;
if ('help' in request) helpFit(request.help, nowMicros);
else helpNetwork(request.helpNetwork, nowMicros);
