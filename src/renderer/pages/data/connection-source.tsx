import { Autocomplete, Button, SegmentedControl, Select, TagsInput, Textarea } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Code } from '../../components/code.tsx';
import { CommandLine } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { type ConnectionChoice, chooseConnection } from './connection-choice.ts';
import { ConnectionState } from './connection-state.tsx';
import classes from './data.module.css';
import { RemoveConnection } from './remove-connection.tsx';
import { type CheckedConnection, useConnectionCheck } from './use-connection-check.ts';

/** More than these are found by typing. */
const SHOWN_OPTIONS = 100;

export interface ConnectionSourceProps {
  readonly choice: ConnectionChoice;
  readonly onChange: (choice: ConnectionChoice) => void;
  readonly onAdd: () => void;
}

/** A kept connection, and what of it is read. It is called only when a person asks what can be read. */
export function ConnectionSource({ choice, onChange, onAdd }: ConnectionSourceProps) {
  const { t } = useTranslation();
  const connections = useQuery('connections', 'list', undefined);
  const check = useConnectionCheck(choice.connection);
  const all = connections.data ?? [];
  const chosen = all.find(({ name }) => name === choice.connection);
  if (connections.error !== undefined) return <ErrorPanel error={connections.error} />;
  if (connections.data !== undefined && all.length === 0) {
    return (
      <div className={classes.noConnections}>
        <p>{t('connections.emptyText')}</p>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={onAdd}>
          {t('connections.add')}
        </Button>
        <CommandLine command="falaj connections add NAME --kind postgresql --url postgresql://USER@HOST/DATABASE" />
      </div>
    );
  }
  return (
    <div className={classes.connection}>
      <div className={classes.connectionRow}>
        <Select
          label={t('connections.connection')}
          required
          data-autofocus
          searchable
          nothingFoundMessage={t('connections.none')}
          data={all.map(({ name, kind }) => ({
            value: name,
            label: `${name} · ${t(`connections.kinds.${kind}`)}`,
          }))}
          value={chosen?.name ?? null}
          onChange={(name) => {
            const next = all.find((one) => one.name === name);
            if (next !== undefined) onChange(chooseConnection(next));
          }}
        />
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={onAdd}>
          {t('connections.add')}
        </Button>
      </div>
      {chosen === undefined ? null : (
        <>
          <div className={classes.connectionFacts}>
            <Code>{chosen.target}</Code>
            <Button
              variant="default"
              leftSection={<IconPlugConnected size={14} />}
              loading={check.busy}
              onClick={check.start}
            >
              {t('connections.check')}
            </Button>
            <RemoveConnection connection={chosen} />
          </div>
          <ConnectionState check={check} />
          <Selection choice={choice} check={check} onChange={onChange} />
        </>
      )}
    </div>
  );
}

interface SelectionProps {
  readonly choice: ConnectionChoice;
  readonly check: CheckedConnection;
  readonly onChange: (choice: ConnectionChoice) => void;
}

function Selection({ choice, check, onChange }: SelectionProps) {
  const { t } = useTranslation();
  const readable = [...(check.result?.readable ?? [])];
  const unknown = check.result === null ? t('connections.checkHint') : null;
  if (choice.kind === 's3') {
    return (
      <TagsInput
        label={t('connections.objects')}
        description={unknown ?? t('connections.objectsHint')}
        placeholder="2026/01/flights.parquet"
        dir="ltr"
        data={readable}
        limit={SHOWN_OPTIONS}
        value={[...choice.objects]}
        onChange={(objects) => onChange({ ...choice, objects })}
      />
    );
  }
  return (
    <>
      <SegmentedControl<ConnectionChoice['reading']>
        aria-label={t('connections.reading')}
        data={(['table', 'query'] as const).map((reading) => ({
          value: reading,
          label: t(`connections.readings.${reading}`),
        }))}
        value={choice.reading}
        onChange={(reading) => onChange({ ...choice, reading })}
      />
      {choice.reading === 'table' ? (
        <Autocomplete
          label={t('connections.readings.table')}
          description={unknown}
          placeholder="sales"
          dir="ltr"
          required
          data={readable}
          limit={SHOWN_OPTIONS}
          value={choice.table}
          onChange={(table) => onChange({ ...choice, table })}
        />
      ) : (
        <Textarea
          label={t('connections.readings.query')}
          description={t('connections.queryHint')}
          placeholder="SELECT * FROM sales WHERE day >= '2026-01-01'"
          dir="ltr"
          required
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          classNames={{ input: classes.sql ?? '' }}
          value={choice.query}
          onChange={(event) => onChange({ ...choice, query: event.currentTarget.value })}
        />
      )}
    </>
  );
}
