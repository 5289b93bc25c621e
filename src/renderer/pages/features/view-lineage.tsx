import { useTranslation } from 'react-i18next';
import { LineageFlow } from '../../components/lineage-flow.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './features.module.css';

/** What the view reads, and all that was ever made of it: every node a link to its page. */
export function ViewLineage({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const lineage = useQuery('lineage', 'of', { kind: 'view', name, direction: 'both' });
  return (
    <ScrollRegion label={t('features.lineage')} className={classes.lineage}>
      <Loaded query={lineage}>{(graph) => <LineageFlow graph={graph} />}</Loaded>
    </ScrollRegion>
  );
}
