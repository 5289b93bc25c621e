import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineClient, OnlineResult, OnlineState } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { CommandLine } from '../../components/command-line.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useAction } from '../../engine/use-action.ts';
import classes from './features.module.css';
import { keyFromTexts, lookupCommand } from './online-key.ts';
import { STATUS_TONES } from './status-tones.ts';

type Question = Parameters<EngineClient['features']['online']>[0];
type Answer = OnlineResult['rows'][number];

const ask = (client: EngineClient, question: Question) => client.features.online(question);

export interface OnlineLookupProps {
  readonly view: string;
  readonly keys: OnlineState['keys'];
}

/** Asks what is known online of one entity, at an instant. */
export function OnlineLookup({ view, keys }: OnlineLookupProps) {
  const { t } = useTranslation();
  const asking = useAction(ask);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [at, setAt] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const key = keyFromTexts(keys, texts);
  const submit = async (): Promise<void> => {
    const time = at.trim();
    const result = await asking.run({
      features: [`${view}:*`],
      keys: [key],
      ...(time === '' ? {} : { at: time }),
    });
    setAnswer(result?.rows[0] ?? null);
  };
  return (
    <>
      <form
        className={classes.lookup}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {keys.map(({ name, type }) => (
          <TextInput
            key={name}
            label={t('features.online.key', { name, type })}
            dir="auto"
            required
            value={texts[name] ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setTexts((before) => ({ ...before, [name]: value }));
            }}
          />
        ))}
        <TextInput
          label={t('features.online.at')}
          placeholder="2026-01-31T12:00:00Z"
          title={t('features.online.atHint')}
          dir="ltr"
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <Button type="submit" leftSection={<IconSearch size={14} />} loading={asking.busy}>
          {t('features.online.lookup')}
        </Button>
      </form>
      <CommandLine command={lookupCommand(view, key, at.trim())} />
      {asking.error === undefined ? null : <ErrorPanel error={asking.error} />}
      {answer === null || asking.error !== undefined ? null : <Values view={view} answer={answer} />}
    </>
  );
}

function Values({ view, answer }: { readonly view: string; readonly answer: Answer }) {
  const { t } = useTranslation();
  const rows = useMemo(
    () =>
      Object.entries(answer.values).map(([column, value]) => ({
        name: column.slice(view.length + 2),
        value,
        status: answer.status[column] ?? 'NOT_FOUND',
      })),
    [answer, view],
  );
  const columns = useMemo<readonly TableColumn<(typeof rows)[number]>[]>(
    () => [
      {
        id: 'name',
        header: t('features.name'),
        width: 'minmax(140px, 1fr)',
        value: ({ name }) => name,
        cell: ({ name }) => <Code>{name}</Code>,
      },
      {
        id: 'value',
        header: t('features.online.value'),
        width: 'minmax(120px, 1fr)',
        cell: ({ value }) => <Code>{String(value)}</Code>,
      },
      {
        id: 'status',
        header: t('features.online.status'),
        width: 'minmax(120px, 0.6fr)',
        value: ({ status }) => status,
        cell: ({ status }) => (
          <StatusBadge tone={STATUS_TONES[status]} plain>
            {t(`features.online.statuses.${status}`)}
          </StatusBadge>
        ),
      },
    ],
    [t],
  );
  const eventTime = answer.eventTime[view];
  return (
    <>
      {eventTime == null ? null : (
        <p>
          <bdi>{t('features.online.eventTime', { time: eventTime })}</bdi>
        </p>
      )}
      <div className={classes.answer}>
        <DataTable
          label={t('features.online.answer')}
          columns={columns}
          rows={rows}
          rowKey={({ name }) => name}
        />
      </div>
    </>
  );
}
