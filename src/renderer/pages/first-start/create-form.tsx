import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import { DEMO_SIZES, type DemoSize } from '../demo/demo-sizes.ts';
import classes from './first-start.module.css';
import { strengthOf } from './passphrase.ts';
import { PassphraseFields } from './passphrase-fields.tsx';

const createWorkspace = (
  client: EngineClient,
  input: { readonly name: string; readonly passphrase: string },
) => client.workspace.create(input);

export interface Created {
  readonly recoveryKey: string;
  /** Null: no demo wanted. */
  readonly demo: DemoSize | null;
}

export interface CreateFormProps {
  readonly withDemo: boolean;
  /** Before the call: from then on the page must stay until the recovery key was shown. */
  readonly onStarted: () => void;
  readonly onCreated: (created: Created) => void;
  readonly onBack: () => void;
}

export function CreateForm({ withDemo, onStarted, onCreated, onBack }: CreateFormProps) {
  const { t } = useTranslation();
  const create = useAction(createWorkspace);
  const [name, setName] = useState(withDemo ? t('start.demoName') : '');
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [size, setSize] = useState<DemoSize>('200k');
  const ready = name.trim() !== '' && strengthOf(passphrase) !== 'short' && repeated === passphrase;
  const submit = async (): Promise<void> => {
    onStarted();
    const created = await create.run({ name: name.trim(), passphrase });
    if (created !== undefined) onCreated({ recoveryKey: created.recoveryKey, demo: withDemo ? size : null });
  };
  return (
    <form
      className={classes.panel}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2>{t(withDemo ? 'start.demoForm' : 'start.createForm')}</h2>
      {create.error === undefined ? null : <ErrorPanel error={create.error} />}
      <TextInput
        label={t('start.name')}
        required
        data-autofocus
        autoFocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PassphraseFields
        passphrase={passphrase}
        repeated={repeated}
        onChange={(typed, again) => {
          setPassphrase(typed);
          setRepeated(again);
        }}
      />
      {withDemo ? (
        <div>
          <div>{t('start.demoSize')}</div>
          <SegmentedControl
            fullWidth
            aria-label={t('start.demoSize')}
            value={size}
            onChange={(value) => setSize(value as DemoSize)}
            data={DEMO_SIZES.map((value) => ({ value, label: t(`demo.sizes.${value}`) }))}
          />
        </div>
      ) : null}
      <p className={classes.note}>{t('start.passphraseNote')}</p>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onBack} disabled={create.busy}>
          {t('common.back')}
        </Button>
        <Button type="submit" loading={create.busy} disabled={!ready}>
          {t('start.create')}
        </Button>
      </div>
    </form>
  );
}
