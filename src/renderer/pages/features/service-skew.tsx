import { Button } from '@mantine/core';
import { IconFileImport, IconPlayerPlay, IconScale } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { EngineClient, FeatureServiceDetail } from '../../../shared/contract/types.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import classes from './skew.module.css';
import { SkewReportView } from './skew-report.tsx';

const compare = (client: EngineClient, service: string) => client.features.skew({ service });

/** Whether the service gives running programs what a training set would hold; and if not, where. */
export function ServiceSkew({ service }: { readonly service: FeatureServiceDetail }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const { name } = service.definition;
  const report = useQuery('features', 'skewReport', { name });
  const history = useQuery('features', 'skewHistory', { name });
  const starting = useAction(compare);
  const start = async (): Promise<void> => {
    const started = await starting.run(name);
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  const button = (
    <Button
      leftSection={<IconPlayerPlay size={14} />}
      loading={starting.busy}
      disabled={service.log.rows === 0}
      onClick={() => void start()}
    >
      {t('features.skew.compare')}
    </Button>
  );
  return (
    <>
      {starting.error === undefined ? null : <ErrorPanel error={starting.error} />}
      <Loaded query={report}>
        {({ report: last }) =>
          last !== null ? (
            <SkewReportView report={last} checks={history.data ?? []} action={button} />
          ) : service.log.rows > 0 ? (
            <EmptyState
              icon={IconScale}
              title={t('features.skew.notYetTitle')}
              text={t('features.skew.notYetText')}
              action={button}
              command={`falaj features skew ${name}`}
            />
          ) : service.definition.log === undefined ? (
            <SwitchOn name={name} />
          ) : (
            <EmptyState
              icon={IconScale}
              title={t('features.skew.noReadsTitle')}
              text={t('features.skew.noReadsText')}
              command={`falaj features online --service ${name} --keys keys.csv`}
            />
          )
        }
      </Loaded>
    </>
  );
}

/** How reads come to be kept: the line of the definition, and the other way with values from elsewhere. */
function SwitchOn({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={IconScale}
      title={t('features.skew.offTitle')}
      text={t('features.skew.offText')}
      action={
        <>
          <pre className={classes.snippet} dir="ltr">
            <code>
              {`kind: FeatureService\nname: ${name}\nlog: {sample: 0.1, retention: 30d}\nfeatures: […]`}
            </code>
          </pre>
          <Button component={Link} href="/features/~apply" leftSection={<IconFileImport size={14} />}>
            {t('features.apply')}
          </Button>
        </>
      }
      command={`falaj features skew ${name} --log served.parquet`}
    />
  );
}
