import { IconFolderPlus, IconPlaneDeparture } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { WorkspaceStatus } from '../../../shared/contract/types.ts';
import { CommandLine } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import { startDemo } from '../demo/demo-sizes.ts';
import { type Created, CreateForm } from './create-form.tsx';
import classes from './first-start.module.css';
import { RecoveryKeyStep } from './recovery-key-step.tsx';
import { WelcomeFrame } from './welcome-frame.tsx';

export interface FirstStartPageProps {
  readonly status: WorkspaceStatus;
  readonly onStarted: () => void;
  readonly onDone: () => void;
}

type Step =
  | { readonly at: 'choose' }
  | { readonly at: 'form'; readonly withDemo: boolean }
  | { readonly at: 'key'; readonly created: Created };

/** No workspace yet: the demo, or an own one. Passphrase, then the recovery key, then to work. */
export function FirstStartPage({ status, onStarted, onDone }: FirstStartPageProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const demo = useAction(startDemo);
  const [step, setStep] = useState<Step>({ at: 'choose' });
  const finish = async (created: Created): Promise<void> => {
    if (created.demo !== null) {
      const started = await demo.run(created.demo);
      if (started === undefined) return;
      navigate(`/jobs/${started.job}`);
    } else {
      navigate('/');
    }
    onDone();
  };
  return (
    <WelcomeFrame
      title={t('start.title')}
      text={t('start.text')}
      folder={status.workspace}
      narrow={step.at !== 'choose'}
    >
      {demo.error === undefined ? null : <ErrorPanel error={demo.error} onRetry={onDone} />}
      {step.at === 'choose' ? (
        <>
          <div className={classes.cards}>
            <button
              type="button"
              className={classes.card}
              onClick={() => setStep({ at: 'form', withDemo: true })}
            >
              <IconPlaneDeparture size={24} stroke={1.5} aria-hidden />
              <strong>{t('start.demoCard')}</strong>
              <span>{t('start.demoCardText')}</span>
            </button>
            <button
              type="button"
              className={classes.card}
              onClick={() => setStep({ at: 'form', withDemo: false })}
            >
              <IconFolderPlus size={24} stroke={1.5} aria-hidden />
              <strong>{t('start.createCard')}</strong>
              <span>{t('start.createCardText')}</span>
            </button>
          </div>
          <div className={classes.other}>
            <span>{t('start.otherFolder')}</span>
            <CommandLine command="falaj ui --workspace DIR" />
          </div>
        </>
      ) : null}
      {step.at === 'form' ? (
        <CreateForm
          withDemo={step.withDemo}
          onStarted={onStarted}
          onCreated={(created) => setStep({ at: 'key', created })}
          onBack={() => setStep({ at: 'choose' })}
        />
      ) : null}
      {step.at === 'key' ? (
        <RecoveryKeyStep recoveryKey={step.created.recoveryKey} onKept={() => void finish(step.created)} />
      ) : null}
    </WelcomeFrame>
  );
}
