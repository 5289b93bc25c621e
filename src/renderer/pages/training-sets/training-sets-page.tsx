import { BuildPage } from './build-page.tsx';
import { SetsPage } from './sets-page.tsx';

export interface TrainingSetsPageProps {
  readonly params: { readonly id?: string | undefined };
}

/** `/features/~training-sets`, `/features/~training-sets/ID`; `/features/~training-sets/build` builds one. */
export function TrainingSetsPage({ params: { id } }: TrainingSetsPageProps) {
  return id === 'build' ? <BuildPage /> : <SetsPage id={id} />;
}
