import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection, EngineClient } from '../../../shared/contract/types.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useAction } from '../../engine/use-action.ts';
import classes from './data.module.css';

const remove = (client: EngineClient, name: string) => client.connections.remove({ name });

/** Asks once, in place: the secret is lost, what was imported stays. */
export function RemoveConnection({ connection: { name } }: { readonly connection: Connection }) {
  const { t } = useTranslation();
  const removing = useAction(remove);
  const [asked, setAsked] = useState<string | null>(null);
  if (asked !== name) {
    return (
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconTrash size={14} />}
        onClick={() => setAsked(name)}
      >
        {t('connections.remove')}
      </Button>
    );
  }
  return (
    <div role="alert" className={classes.removing}>
      {removing.error === undefined ? null : <ErrorPanel error={removing.error} />}
      <span>{t('connections.removeText', { name })}</span>
      <CopyCommand command={`falaj connections rm ${name}`} />
      <Button variant="default" autoFocus onClick={() => setAsked(null)}>
        {t('common.cancel')}
      </Button>
      <Button color="red" loading={removing.busy} onClick={() => void removing.run(name)}>
        {t('connections.remove')}
      </Button>
    </div>
  );
}
