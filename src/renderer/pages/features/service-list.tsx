import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { parseFeatureReference } from '../../../shared/definitions/view-reference.ts';
import { Code } from '../../components/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './features.module.css';
import { type Service, serviceHref } from './service-table.tsx';

interface Part {
  readonly view: string;
  readonly text: string;
}

/** One selection of a service as a person would say it: `departures as origin (airport = origin)`. */
function partOf(selection: Service['features'][number]): Part {
  if (typeof selection === 'string') return { view: parseFeatureReference(selection).view, text: selection };
  const keys = Object.entries(selection.keys).map(([key, column]) => `${key} = ${column}`);
  const alias = selection.as === undefined ? '' : ` as ${selection.as}`;
  const features = selection.features === undefined ? '' : `: ${selection.features.join(', ')}`;
  return {
    view: selection.view,
    text: `${selection.view}${alias}${keys.length === 0 ? '' : ` (${keys.join(', ')})`}${features}`,
  };
}

/** Services: the sets of features that models are trained on and served with. Below them the entities. */
export function ServiceList() {
  const { t } = useTranslation();
  const services = useQuery('features', 'services', undefined);
  const entities = useQuery('features', 'entities', undefined);
  return (
    <ScrollRegion label={t('features.services')} className={classes.below}>
      <section>
        <h2 className={classes.heading}>{t('features.services')}</h2>
        <Loaded query={services} lines={2}>
          {(all) =>
            all.map((service) => (
              <article key={service.name} className={classes.service}>
                <strong>
                  <Link href={serviceHref(service.name)} className={classes.link}>
                    <bdi>{service.name}</bdi>
                  </Link>
                </strong>
                <Link
                  href={`/features/~training-sets/build?service=${encodeURIComponent(service.name)}`}
                  className={classes.link}
                >
                  {t('trainingSets.buildTitle')}
                </Link>
                <ul>
                  {service.features.map(partOf).map((part) => (
                    <li key={part.text}>
                      <Link href={`/features/${part.view}`}>
                        <Code>{part.text}</Code>
                      </Link>
                    </li>
                  ))}
                </ul>
              </article>
            ))
          }
        </Loaded>
      </section>
      <section>
        <h2 className={classes.heading}>{t('features.entities')}</h2>
        <Loaded query={entities} lines={2}>
          {(all) =>
            all.map((entity) => (
              <article key={entity.name} className={classes.service}>
                <strong>
                  <bdi>{entity.name}</bdi>
                </strong>
                <Code>{entity.keys.map(({ name, type }) => `${name}: ${type}`).join(', ')}</Code>
                {entity.description === undefined ? null : <span dir="auto">{entity.description}</span>}
              </article>
            ))
          }
        </Loaded>
      </section>
    </ScrollRegion>
  );
}
