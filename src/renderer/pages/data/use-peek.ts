import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { EngineClient, PeekedTable } from '../../../shared/contract/types.ts';
import type { FalajError } from '../../../shared/errors.ts';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { isChosen, selectionOf } from './connection-choice.ts';
import { type ImportForm, pathsOf } from './import-form.ts';

const WAIT_MS = 400;

type Selection = Parameters<EngineClient['connections']['peek']>[0];

const peekOver = (client: EngineClient, selection: Selection) => client.connections.peek(selection);

export interface Peek {
  /** Null until the columns of what is chosen now are known. */
  readonly table: PeekedTable | null;
  readonly error: FalajError | null;
  readonly busy: boolean;
  /** Looks at what is chosen; null where that happens by itself, or nothing is chosen. */
  readonly ask: (() => void) | null;
}

/** Files are looked into as they are named; a connection is used only when a person asks for it. */
export function usePeek(form: ImportForm): Peek {
  const files = usePeekedFiles(form);
  const connected = usePeekedSelection(form);
  return form.source === 'files' ? files : connected;
}

function usePeekedFiles({ source, files }: ImportForm): Peek {
  const [settled] = useDebouncedValue(files, WAIT_MS);
  const paths = pathsOf(settled);
  const enabled = source === 'files' && paths.length > 0;
  const query = useQuery('data', 'peek', { files: paths }, { enabled });
  const isCurrent = enabled && settled === files;
  return {
    table: (isCurrent ? query.data : undefined) ?? null,
    error: (isCurrent ? query.error : undefined) ?? null,
    busy: isCurrent && query.loading,
    ask: null,
  };
}

function usePeekedSelection({ from }: ImportForm): Peek {
  const looking = useAction(peekOver);
  const [seen, setSeen] = useState<{ readonly key: string; readonly table: PeekedTable | null } | null>(null);
  const key = JSON.stringify(from);
  const ask = async (): Promise<void> => {
    setSeen({ key, table: null });
    const table = await looking.run(selectionOf(from));
    if (table !== undefined) setSeen({ key, table });
  };
  const isCurrent = seen?.key === key;
  return {
    table: isCurrent ? seen.table : null,
    error: (isCurrent ? looking.error : undefined) ?? null,
    busy: isCurrent && looking.busy,
    ask: isChosen(from) ? () => void ask() : null,
  };
}
