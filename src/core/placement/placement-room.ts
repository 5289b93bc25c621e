import type { z } from 'zod';
import type { runCheckInput } from '../../shared/contract/run-check.ts';
import type { DeviceReport, RunCheck } from '../../shared/contract/types.ts';
import type { AnyTraining } from '../../shared/definitions/training.ts';
import type { DataRoom } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';
import { TREE_FRAMEWORK } from '../inference/index.ts';
import type { ModelRegistry } from '../registry/index.ts';
import { judgePlacement } from './judge-placement.ts';
import type { LearningDevices, Workload } from './workload.ts';

export interface PlacementOptions {
  readonly registry: ModelRegistry;
  readonly data: DataRoom;
  readonly features: FeatureRoom;
  readonly devices: () => Promise<DeviceReport>;
}

/** What can run here. Nothing is tried: what is known of devices, models and data answers. */
export class PlacementRoom {
  readonly #options: PlacementOptions;

  constructor(options: PlacementOptions) {
    this.#options = options;
  }

  /** @throws NOT_FOUND for a model, a training or its data that there is not. */
  async canRun(input: z.output<typeof runCheckInput>): Promise<RunCheck> {
    const { subject, workload } =
      input.training === undefined
        ? await this.#model(input.reference ?? '')
        : this.#training(input.training);
    const devices = judgePlacement(workload, await this.#options.devices());
    return { kind: workload.kind, subject, devices };
  }

  async #model(reference: string): Promise<{ subject: string; workload: Workload }> {
    const { name, version, files, servable, framework } = await this.#options.registry.get({ reference });
    return {
      subject: `${name}:${version}`,
      workload: {
        kind: 'model',
        sizeBytes: files.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
        isServable: servable,
        isTree: framework === TREE_FRAMEWORK,
      },
    };
  }

  #training(name: string): { subject: string; workload: Workload } {
    const { data, features } = this.#options;
    const definition = features.training({ name });
    const { rows } = data.get({ name: definition.entities.dataset });
    const served =
      definition.service === undefined ? [] : features.service({ name: definition.service }).features;
    return {
      subject: name,
      workload: {
        kind: 'training',
        rows,
        // With the label.
        columns: definition.columns.length + definition.expressions.length + served.length + 1,
        learnsOn: learnsOn(definition),
      },
    };
  }
}

function learnsOn({ learner }: AnyTraining): LearningDevices {
  if (learner === 'auto' || learner.kind === 'auto') return 'any';
  if (learner.kind === 'python') return learner.gpus === 0 ? 'cpuChosen' : 'script';
  if (learner.kind !== 'mlp') return 'cpu';
  return learner.device === 'cpu' ? 'cpuChosen' : 'any';
}
