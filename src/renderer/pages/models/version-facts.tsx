import { useTranslation } from 'react-i18next';
import type { ModelVersion } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { Labels } from '../../components/labels.tsx';
import classes from './models.module.css';

/** What a folder of another program's model is good for here, and what people say of the version; nothing where there is neither. */
export function VersionFacts({ model }: { readonly model: ModelVersion }) {
  const { t } = useTranslation();
  const tags = Object.entries(model.tags).map(([key, value]) => (value === '' ? key : `${key}: ${value}`));
  const isLabelled = model.stage !== 'None' || model.description !== '' || tags.length > 0;
  if (model.servable && !isLabelled) return null;
  return (
    <div className={classes.about}>
      {model.servable ? null : (
        <p>
          {t('models.keptOnly')}{' '}
          <Code>{`mlflow.pyfunc.load_model("models:/${model.name}/${String(model.version)}")`}</Code>
        </p>
      )}
      <dl className={classes.facts}>
        {model.flavors.length === 0 ? null : (
          <div>
            <dt>{t('models.flavors')}</dt>
            <dd>
              <Labels values={model.flavors} />
            </dd>
          </div>
        )}
        {model.source === null ? null : (
          <div>
            <dt>{t('models.source')}</dt>
            <dd>
              <Code>{model.source}</Code>
            </dd>
          </div>
        )}
        {model.stage === 'None' ? null : (
          <div>
            <dt>{t('models.stage')}</dt>
            <dd>
              <bdi>{model.stage}</bdi>
            </dd>
          </div>
        )}
        {model.description === '' ? null : (
          <div>
            <dt>{t('models.description')}</dt>
            <dd dir="auto" className={classes.words}>
              {model.description}
            </dd>
          </div>
        )}
        {tags.length === 0 ? null : (
          <div>
            <dt>{t('models.tags')}</dt>
            <dd>
              <Labels values={tags} />
            </dd>
          </div>
        )}
      </dl>
      {isLabelled ? <p className={classes.faint}>{t('models.labelsUnsigned')}</p> : null}
    </div>
  );
}
