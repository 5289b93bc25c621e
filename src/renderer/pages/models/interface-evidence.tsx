import { useTranslation } from 'react-i18next';
import type { ModelVersion, TensorSpec } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { RunCheck } from '../../components/run-check.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './models.module.css';

/** What goes in, what comes out, and the raw columns it is fed from. */
export function InterfaceEvidence({ model }: { readonly model: ModelVersion }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className={classes.section}>
      <div className={classes.pair}>
        <Tensors title={t('models.inputs')} tensors={model.signature.inputs} />
        <Tensors title={t('models.outputs')} tensors={model.signature.outputs} />
      </div>
      {model.columns.length === 0 ? null : (
        <>
          <h2>
            {t('models.columns')}{' '}
            <span className={classes.faint}>{format.integer(model.columns.length)}</span>
          </h2>
          <ul className={classes.columns} dir="ltr">
            {model.columns.map(({ name, type }) => (
              <li key={name}>
                <Code>{name}</Code>
                <span className={classes.faint}>{type}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <RunCheck of={{ reference: `${model.name}:${String(model.version)}` }} />
    </section>
  );
}

function Tensors({ title, tensors }: { readonly title: string; readonly tensors: readonly TensorSpec[] }) {
  const { t } = useTranslation();
  return (
    <div>
      <h2>{title}</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('models.tensor')}</th>
            <th scope="col">{t('models.type')}</th>
            <th scope="col">{t('models.shape')}</th>
          </tr>
        </thead>
        <tbody>
          {tensors.map(({ name, type, shape }) => (
            <tr key={name}>
              <th scope="row">
                <Code>{name}</Code>
              </th>
              <td>
                <Code>{type}</Code>
              </td>
              <td>
                <bdi>{shape.map((size) => (size < 0 ? t('models.anySize') : String(size))).join(' × ')}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
