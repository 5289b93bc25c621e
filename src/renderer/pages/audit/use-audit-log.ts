import { useCallback, useEffect, useState } from 'react';
import type { AuditEntry, EngineClient } from '../../../shared/contract/types.ts';
import { useAction } from '../../engine/use-action.ts';
import { type Query, useQuery } from '../../engine/use-query.ts';
import { withNewest, withOlder } from './join-entries.ts';

export interface AuditFilter {
  /** A room such as `data`; null for all. */
  readonly room: string | null;
  readonly text: string;
}

export interface AuditPages {
  readonly newest: Query<{ readonly entries: readonly AuditEntry[] }>;
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly loadOlder: () => void;
}

const PAGE_ROWS = 200;

const inputOf = ({ room, text }: AuditFilter) => ({
  limit: PAGE_ROWS,
  ...(room === null ? {} : { action: room }),
  ...(text === '' ? {} : { text }),
});

const listOlder = (client: EngineClient, { before, filter }: { before: number; filter: AuditFilter }) =>
  client.audit.list({ ...inputOf(filter), before });

/** The log as far as it was scrolled through: the newest page live, older ones as they are asked for. */
export function useAuditLog(filter: AuditFilter): AuditPages {
  const { room, text } = filter;
  const newest = useQuery('audit', 'list', inputOf(filter));
  const older = useAction(listOlder);
  const [known, setKnown] = useState<readonly AuditEntry[]>([]);
  const [ended, setEnded] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was known belongs to the filter it was asked with
  useEffect(() => {
    setKnown([]);
    setEnded(false);
  }, [room, text]);
  useEffect(() => {
    const page = newest.data?.entries;
    if (page !== undefined) setKnown((before) => withNewest(before, page));
  }, [newest.data]);
  const { busy, run } = older;
  const bottom = known.at(-1)?.sequence;
  const short = known.length < PAGE_ROWS;
  const loadOlder = useCallback(() => {
    if (busy || ended || short || bottom === undefined || bottom === 0) return;
    void run({ before: bottom, filter: { room, text } }).then((page) => {
      if (page === undefined) return;
      if (page.entries.length < PAGE_ROWS) setEnded(true);
      setKnown((before) => (before.at(-1)?.sequence === bottom ? withOlder(before, page.entries) : before));
    });
  }, [busy, ended, short, bottom, run, room, text]);
  return { newest, entries: known, loadOlder };
}
