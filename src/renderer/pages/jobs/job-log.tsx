// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable with the keyboard
import { Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobLogLine } from '../../../shared/contract/types.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useLiveBatches } from '../../engine/use-live-batches.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './jobs.module.css';
import { mergeLog } from './merge-log.ts';

const LINE_PX = 20;

/** The job's log: what was said so far, then live; follows the end unless someone scrolls up. */
export function JobLog({ job }: { readonly job: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const kept = useQuery('jobs', 'logs', { id: job, after: 0, limit: 5000 });
  const [live, setLive] = useState<readonly JobLogLine[]>([]);
  const [search, setSearch] = useState('');
  const [following, setFollowing] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  useLiveBatches({ topic: 'log', job, after: 0 }, (events) =>
    setLive((before) =>
      mergeLog(
        before,
        events.map(({ line }) => line),
      ),
    ),
  );
  const lines = useMemo(() => mergeLog(kept.data ?? [], live), [kept.data, live]);
  const shown = useMemo(
    () =>
      search === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(search.toLowerCase())),
    [lines, search],
  );
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => shown[index]!.sequence,
    overscan: 20,
  });
  const total = virtual.getTotalSize();
  useEffect(() => {
    const element = scroller.current;
    if (following && element !== null) element.scrollTop = total;
  }, [following, total]);
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < LINE_PX;
    if (atEnd !== following) setFollowing(atEnd);
  };
  return (
    <section className={classes.log} aria-label={t('jobs.log')}>
      <div className={classes.logHead}>
        <h2>{t('jobs.log')}</h2>
        <TextInput
          leftSection={<IconSearch size={13} />}
          placeholder={t('jobs.searchLog')}
          aria-label={t('jobs.searchLog')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Checkbox
          label={t('jobs.follow')}
          checked={following}
          onChange={(event) => setFollowing(event.currentTarget.checked)}
        />
      </div>
      {kept.error === undefined ? null : <ErrorPanel error={kept.error} onRetry={kept.refresh} />}
      <div
        ref={scroller}
        role="log"
        tabIndex={0}
        className={classes.lines}
        dir="ltr"
        aria-label={t('jobs.log')}
        onScroll={onScroll}
      >
        {lines.length === 0 ? <p className={classes.noLines}>{t('jobs.noLog')}</p> : null}
        <div className={classes.canvas} style={{ blockSize: total }}>
          {virtual.getVirtualItems().map((item) => {
            const line = shown[item.index];
            if (line === undefined) return null;
            return (
              <div
                key={line.sequence}
                ref={virtual.measureElement}
                data-index={item.index}
                className={classes.logLine}
                data-level={line.level}
                style={{ transform: `translateY(${String(item.start)}px)` }}
              >
                <time dateTime={line.at}>{format.time(line.at)}</time>
                <span className={classes.level}>{line.level}</span>
                <span className={classes.text}>{line.text}</span>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
