import { Button, Checkbox, FileButton, Modal, Textarea } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineClient, PlannedChange } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import classes from './features.module.css';
import { PlanList } from './plan-list.tsx';

type Definitions = Parameters<EngineClient['features']['plan']>[0];

const plan = (client: EngineClient, input: Definitions) => client.features.plan(input);
const apply = (client: EngineClient, input: Definitions) => client.features.apply(input);

const EXAMPLE = `kind: Entity
name: airport
keys: [{name: airport, type: string}]`;

export function ApplyDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('features.applyTitle')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <ApplyFields onClose={onClose} />
    </Modal>
  );
}

/** First the plan, then the deed: what is applied is exactly what was shown. */
function ApplyFields({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const planning = useAction(plan);
  const applying = useAction(apply);
  const [text, setText] = useState('');
  const [file, setFile] = useState('falaj.yaml');
  const [prune, setPrune] = useState(false);
  const [changes, setChanges] = useState<readonly PlannedChange[] | null>(null);
  const input: Definitions = { documents: [{ file, text }], prune };
  const edit = (change: () => void): void => {
    change();
    setChanges(null);
    planning.reset();
    applying.reset();
  };
  const choose = async (chosen: File | null): Promise<void> => {
    if (chosen === null) return;
    const content = await chosen.text();
    edit(() => {
      setText(content);
      setFile(chosen.name);
    });
  };
  const submit = async (): Promise<void> => {
    if (changes === null) {
      setChanges((await planning.run(input)) ?? null);
    } else if ((await applying.run(input)) !== undefined) {
      onClose();
    }
  };
  const error = planning.error ?? applying.error;
  const nothing = changes?.every(({ change }) => change === 'unchanged') ?? false;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {error === undefined ? null : <ErrorPanel error={error} />}
      <Textarea
        label={t('features.definitions')}
        description={t('features.definitionsHint')}
        placeholder={EXAMPLE}
        dir="ltr"
        autosize
        minRows={8}
        maxRows={18}
        required
        data-autofocus
        spellCheck={false}
        classNames={{ input: classes.editor ?? '' }}
        value={text}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          edit(() => setText(typed));
        }}
      />
      {changes === null ? null : <PlanList changes={changes} />}
      <div className={classes.buttons}>
        <FileButton onChange={(chosen) => void choose(chosen)} accept=".yaml,.yml,.json">
          {(button) => (
            <Button {...button} variant="default" leftSection={<IconFolderOpen size={14} />}>
              {t('common.browse')}
            </Button>
          )}
        </FileButton>
        <Checkbox
          label={t('features.prune')}
          checked={prune}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            edit(() => setPrune(checked));
          }}
        />
        <span className={classes.space} />
        <CopyCommand
          command={`falaj ${changes === null ? 'plan' : 'apply'} -f ${file}${prune ? ' --prune' : ''}`}
        />
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          type="submit"
          loading={planning.busy || applying.busy}
          disabled={text.trim() === '' || nothing}
        >
          {changes === null ? t('features.plan') : t('features.apply')}
        </Button>
      </div>
    </form>
  );
}
