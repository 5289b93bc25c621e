import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Graph } from '../../../numerics/onnx/index.ts';
import { type ErrorCode, FalajError, toFalajError } from '../../../shared/errors.ts';
import type { OnIteration } from '../fitted-model.ts';
import type { BridgeEnd, OutsideQuestion } from '../worker-messages.ts';
import type { BlockingLearner, OutsideLearner, OutsideModel } from './outside-learner.ts';

type Answer =
  | { readonly value: Graph | Float64Array }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string } };

/** The thread's end: each question is sent, and the thread sleeps until its answer is there. */
export function blockingLearner(
  { port, answered }: BridgeEnd,
  send: (question: OutsideQuestion) => void,
): BlockingLearner {
  const ask = (question: OutsideQuestion): Graph | Float64Array => {
    send(question);
    Atomics.wait(answered, 0, 0);
    Atomics.store(answered, 0, 0);
    const answer: Answer = receiveMessageOnPort(port)?.message;
    if ('value' in answer) return answer.value;
    const { code, message, hint } = answer.error;
    throw new FalajError(code, message, { hint });
  };
  return {
    fit: (request) => ask({ kind: 'fit', request }) as Graph,
    predict: (rows) => ask({ kind: 'predict', rows }) as Float64Array,
  };
}

/** The engine's end: answers one question after another, and holds the model that was fitted last. */
export class Bridge {
  readonly end: BridgeEnd;
  readonly #port: MessagePort;
  readonly #learner: OutsideLearner;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  #model: OutsideModel | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(learner: OutsideLearner, signal: AbortSignal) {
    const { port1, port2 } = new MessageChannel();
    this.end = { port: port2, answered: new Int32Array(new SharedArrayBuffer(4)) };
    this.#port = port1;
    this.#learner = learner;
    this.#signal = AbortSignal.any([signal, this.#stopped.signal]);
  }

  answer(question: OutsideQuestion, onIteration: OnIteration): void {
    this.#last = this.#work(question, onIteration).then(
      (value) => this.#reply({ value }),
      (error: unknown) => {
        const { code, message, hint } = toFalajError(error);
        this.#reply({ error: { code, message, hint } });
      },
    );
  }

  /** Ends what is under way, and the model's process. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#last;
    await this.#model?.close();
    this.#port.close();
  }

  async #work(question: OutsideQuestion, onIteration: OnIteration): Promise<Graph | Float64Array> {
    if (question.kind === 'predict') return this.#model!.predict(question.rows, this.#signal);
    await this.#model?.close();
    this.#model = null;
    this.#model = await this.#learner.fit(question.request, onIteration, this.#signal);
    return this.#model.graph;
  }

  #reply(answer: Answer): void {
    this.#port.postMessage(answer);
    Atomics.store(this.end.answered, 0, 1);
    Atomics.notify(this.end.answered, 0);
  }
}
