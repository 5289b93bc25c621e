import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ModelVersion } from '../../../shared/contract/types.ts';
import { Code, Digest, VersionedName } from '../../components/code.tsx';
import { FlowLine, type FlowStep, FlowSteps } from '../../components/flow-steps.tsx';
import classes from './models.module.css';

/** From the data that was read to this version: every step a link to what it came from. */
export function LineageEvidence({ model }: { readonly model: ModelVersion }) {
  const { t } = useTranslation();
  const { run, datasets, service, training } = model.lineage;
  const unknown = <span className={classes.faint}>{t('models.unknown')}</span>;
  const steps: readonly FlowStep[] = [
    {
      title: t('models.stepData'),
      content:
        datasets.length === 0
          ? unknown
          : datasets.map(({ name, version, digest }) => (
              <FlowLine key={`${name}@${String(version)}`}>
                <Link href={`/data/${name}`} className={classes.link}>
                  <VersionedName name={name} version={version} />
                </Link>
                <Digest value={digest} length={8} />
              </FlowLine>
            )),
    },
    {
      title: t('models.stepService'),
      content:
        service === null ? (
          unknown
        ) : (
          <Link href={`/features/~services/${service}`} className={classes.link}>
            <Code>{service}</Code>
          </Link>
        ),
    },
    {
      title: t('models.stepTraining'),
      content:
        training === null ? (
          unknown
        ) : (
          <Link href={`/training/${training}`} className={classes.link}>
            <Code>{training}</Code>
          </Link>
        ),
    },
    {
      title: t('models.stepRun'),
      content:
        run === null ? (
          unknown
        ) : (
          <Link href={`/runs/${run}`} className={classes.link}>
            <Code>{run.slice(0, 12)}</Code>
          </Link>
        ),
    },
    {
      title: t('models.stepModel'),
      content: (
        <FlowLine>
          <b>
            <VersionedName name={model.name} version={model.version} />
          </b>
          <Digest value={model.digest} length={8} />
        </FlowLine>
      ),
    },
  ];
  return (
    <section className={classes.section}>
      <FlowSteps steps={steps} />
    </section>
  );
}
