import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineClient, WorkspaceStatus } from '../../../shared/contract/types.ts';
import type { FalajError } from '../../../shared/errors.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import classes from './first-start.module.css';
import { WelcomeFrame } from './welcome-frame.tsx';

type Secret = { readonly passphrase: string } | { readonly recoveryKey: string };

const unlock = (client: EngineClient, secret: Secret) => client.workspace.unlock(secret);

const secondsToWait = (error: FalajError | undefined): number => {
  const seconds = error?.code === 'TOO_MANY_TRIES' ? error.details['waitSeconds'] : 0;
  return typeof seconds === 'number' ? seconds : 0;
};

/** Counts down after too many wrong tries. */
function useWait(error: FalajError | undefined): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const until = Date.now() + secondsToWait(error) * 1000;
    const tick = (): void => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}

export function UnlockPage({
  status,
  onUnlocked,
}: {
  readonly status: WorkspaceStatus;
  readonly onUnlocked: () => void;
}) {
  const { t } = useTranslation();
  const attempt = useAction(unlock);
  const [byKey, setByKey] = useState(false);
  const [secret, setSecret] = useState('');
  const wait = useWait(attempt.error);
  const submit = async (): Promise<void> => {
    const opened = await attempt.run(byKey ? { recoveryKey: secret.trim() } : { passphrase: secret });
    setSecret('');
    if (opened !== undefined) onUnlocked();
  };
  return (
    <WelcomeFrame title={t('unlock.title')} text={t('unlock.text')} folder={status.workspace} narrow>
      <form
        className={classes.panel}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {attempt.error === undefined ? null : <ErrorPanel error={attempt.error} />}
        {byKey ? (
          <TextInput
            key="key"
            label={t('unlock.recoveryKey')}
            description={t('unlock.recoveryHint')}
            dir="ltr"
            autoComplete="off"
            required
            autoFocus
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        ) : (
          <PasswordInput
            key="passphrase"
            label={t('start.passphrase')}
            autoComplete="current-password"
            required
            autoFocus
            visibilityToggleButtonProps={{ 'aria-label': t('common.show') }}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        )}
        <div className={classes.buttons}>
          <CopyCommand command="falaj unlock" />
          <Button
            variant="subtle"
            onClick={() => {
              setByKey(!byKey);
              setSecret('');
              attempt.reset();
            }}
          >
            {t(byKey ? 'unlock.usePassphrase' : 'unlock.useRecoveryKey')}
          </Button>
          <Button type="submit" loading={attempt.busy} disabled={secret === '' || wait > 0}>
            {wait > 0 ? t('unlock.wait', { count: wait }) : t('unlock.unlock')}
          </Button>
        </div>
      </form>
    </WelcomeFrame>
  );
}
