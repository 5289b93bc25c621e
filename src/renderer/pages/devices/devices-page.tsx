import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { DeviceReport, EngineClient } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useDeviceText } from '../../components/use-device-text.ts';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { AcceleratorCard } from './accelerator-card.tsx';
import { CpuCard } from './cpu-card.tsx';
import classes from './devices.module.css';
import { BackendTable, ProbeTable } from './probe-table.tsx';
import { useDeviceProcesses } from './use-device-processes.ts';

const verifyDevices = (client: EngineClient) => client.devices.verify();

export function DevicesPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const devices = useQuery('devices', 'list', undefined);
  const verify = useAction<void, { job: string }>(verifyDevices);
  const start = async (): Promise<void> => {
    const started = await verify.run();
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <div className={classes.page}>
      <PageHeader
        title={t('rooms.devices')}
        subtitle={t('devices.subtitle')}
        actions={
          <>
            <CopyCommand command="falaj devices --verify" />
            <Button
              leftSection={<IconShieldCheck size={14} />}
              loading={verify.busy}
              onClick={() => void start()}
            >
              {t('devices.verify')}
            </Button>
          </>
        }
      />
      {verify.error === undefined ? null : <ErrorPanel error={verify.error} />}
      <Loaded query={devices}>{(report) => <Report report={report} />}</Loaded>
    </div>
  );
}

function Report({ report }: { readonly report: DeviceReport }) {
  const { t } = useTranslation();
  const deviceText = useDeviceText();
  const used = useDeviceProcesses(report.accelerators.length > 0);
  return (
    <div className={classes.body}>
      {report.warningMessages.map((warning) => (
        <p key={warning.text} className={classes.warning}>
          <IconAlertTriangle size={16} aria-hidden />
          <bdi>{deviceText([warning])}</bdi>
        </p>
      ))}
      <div className={classes.cards}>
        <CpuCard cpus={report.cpus} memory={report.memory} />
        {report.accelerators.map((accelerator) => (
          <AcceleratorCard
            key={accelerator.id}
            accelerator={accelerator}
            kernelLog={report.kernelLog}
            processes={used?.processes.filter(({ device }) => device === accelerator.id) ?? []}
          />
        ))}
      </div>
      {used?.warningMessages.map((warning) => (
        <p key={warning.text} className={classes.none}>
          {deviceText([warning])}
        </p>
      ))}
      {report.accelerators.length === 0 ? <p className={classes.none}>{t('devices.none')}</p> : null}
      <div className={classes.tables}>
        <ProbeTable probes={report.probes} />
        <BackendTable backends={report.backends} />
      </div>
    </div>
  );
}
