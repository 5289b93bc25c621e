import { goalsOf } from '../../../shared/definitions/objectives.ts';
import { type Learner, type TrainResult, withSettings } from '../../../shared/definitions/training.ts';
import { prunerKind } from '../../../shared/definitions/tuning.ts';
import { INPUTS_TAG, KEPT_TAG, SEARCH_TAG } from '../../../shared/run-search.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { type DeviceRecord, deviceTags } from '../learning-device.ts';
import { endRun } from '../run-end.ts';
import { carryOutTrials } from './carry-out-trials.ts';
import { earlierTrials } from './earlier-trials.ts';
import { keptTrial } from './kept-trial.ts';
import { searchDevice } from './search-device.ts';
import { settingsAt } from './search-space.ts';
import { figureOf } from './trial.ts';
import type { TuneRequest } from './tune-request.ts';

export interface Tuned {
  readonly learner: Learner;
  /** The run that the trials lie under. The caller finishes it. */
  readonly parent: RunHandle;
  /** That the trials learned on, and the model shall; null for learners that have no choice. */
  readonly device: DeviceRecord | null;
  readonly found: NonNullable<TrainResult['tuning']>;
}

/**
 * Searches the learner's settings, several trials side by side as long as there are processors for them. Trials are runs under
 * one parent; those of an earlier attempt of the same job count, and the search goes on with the settings that would have come next.
 */
export async function tuneTraining(request: TuneRequest): Promise<Tuned> {
  const { definition, tracking, context } = request;
  const { tune } = definition;
  const goals = goalsOf(tune, definition.task, definition.learner.kind);
  const [goal] = goals;
  const parent = tracking.startRun({
    experiment: definition.experiment ?? definition.name,
    name: `${definition.name} (search)`,
    params: {
      learner: definition.learner.kind,
      sampler: tune.sampler,
      pruner: prunerKind(tune),
      trials: String(tune.trials),
      parallel: String(tune.parallel),
      metric: goal.metric,
      ...(goals.length === 1 ? {} : { objectives: goals.map(({ metric }) => metric).join(',') }),
      ...(tune.folds === undefined ? {} : { folds: String(tune.folds) }),
    },
    tags: {
      training: definition.name,
      job: context.id,
      [SEARCH_TAG]: JSON.stringify(tune.space),
      [INPUTS_TAG]: JSON.stringify(request.inputs),
      ...request.tags,
    },
  });
  try {
    const earlier = earlierTrials(request, parent, goals);
    const device = await searchDevice(request, earlier);
    if (device !== null) {
      parent.setTags(deviceTags(device));
      context.log('info', `All trials learn on one device. ${device.device}: ${device.reason}`);
    }
    const trials = await carryOutTrials(request, { parent, goals, earlier, device });
    const { place, front } = keptTrial(trials, goals, tune.choose);
    const best = trials[place]!;
    parent.setTags({ [KEPT_TAG]: String(place + 1) });
    const settings = settingsAt(tune.space, best.point);
    return {
      learner: withSettings(definition.learner, settings),
      parent,
      device,
      found: {
        run: parent.id,
        trials: trials.length,
        pruned: trials.filter(({ pruned }) => pruned).length,
        best: settings,
        metric: goal.metric,
        value: figureOf(goal, best.losses[0]!),
        ...(goals.length === 1
          ? {}
          : {
              objectives: goals.map((one, at) => ({
                metric: one.metric,
                value: figureOf(one, best.losses[at]!),
              })),
              front: front.length,
            }),
        ...(best.deviation === null ? {} : { deviation: best.deviation }),
      },
    };
  } catch (error) {
    await endRun(context, parent, error);
    throw error;
  }
}
