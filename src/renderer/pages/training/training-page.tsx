import { NewTraining } from './new-training.tsx';
import { Trainings } from './trainings.tsx';

export interface TrainingPageProps {
  readonly params: { readonly name?: string | undefined };
}

/** `/training`, `/training/~new` and `/training/NAME`. */
export function TrainingPage({ params }: TrainingPageProps) {
  return params.name === '~new' ? <NewTraining /> : <Trainings name={params.name ?? null} />;
}
