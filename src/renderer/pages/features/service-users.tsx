import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { FeatureServiceDetail } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { Labels } from '../../components/labels.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './features.module.css';

const SHOWN_MODELS = 4;

/** The trainings that learn from a service, and the newest models that came of it. */
export function ServiceUsers({ service }: { readonly service: FeatureServiceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name } = service.definition;
  const lineage = useQuery('lineage', 'of', { kind: 'service', name, direction: 'down' });
  const models = (lineage.data?.nodes ?? []).filter(({ kind }) => kind === 'model').reverse();
  if (service.trainings.length === 0 && models.length === 0) return t('features.nobody');
  return (
    <span className={classes.users}>
      <Labels values={service.trainings} accent />
      {models.slice(0, SHOWN_MODELS).map((model) => (
        <Link
          key={model.id}
          href={`/models/${encodeURIComponent(model.name)}/${String(model.version)}`}
          className={classes.link}
        >
          <Code>{`${model.name}:${String(model.version)}`}</Code>
        </Link>
      ))}
      {models.length > SHOWN_MODELS ? (
        <span className={classes.none}>+{format.integer(models.length - SHOWN_MODELS)}</span>
      ) : null}
    </span>
  );
}
