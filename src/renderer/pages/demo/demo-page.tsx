import { Button, SegmentedControl } from '@mantine/core';
import { IconPlaneDeparture } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import classes from './demo.module.css';
import { DEMO_SIZES, type DemoSize, startDemo } from './demo-sizes.ts';

/** The main job on real flight records, in the open workspace. */
export function DemoPage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [size, setSize] = useState<DemoSize>('200k');
  const start = useAction(startDemo);
  const submit = async (): Promise<void> => {
    const started = await start.run(size);
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <EmptyState
      icon={IconPlaneDeparture}
      title={t('demo.title')}
      text={t('demo.text')}
      command={`falaj demo --rows ${size}`}
      action={
        <div className={classes.form}>
          {start.error === undefined ? null : <ErrorPanel error={start.error} />}
          <SegmentedControl
            aria-label={t('start.demoSize')}
            value={size}
            onChange={(value) => setSize(value as DemoSize)}
            data={DEMO_SIZES.map((value) => ({ value, label: t(`demo.sizes.${value}`) }))}
          />
          <Button loading={start.busy} onClick={() => void submit()}>
            {t('demo.start')}
          </Button>
        </div>
      }
    />
  );
}
