import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { aroundChanges, lineDiff } from '../../shared/line-diff.ts';
import classes from './diff-view.module.css';
import { ScrollRegion } from './scroll-region.tsx';

export interface DiffViewProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Said where the texts are the same. */
  readonly none: string;
}

const CONTEXT = 3;
const MOST_LINES = 3000;
const SIGNS = { same: ' ', added: '+', removed: '−' } as const;

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** What changed from one text to another, line by line, marked by signs as well as by colours. */
export function DiffView({ label, before, after, none }: DiffViewProps) {
  const { t } = useTranslation();
  const parts = useMemo(
    () => aroundChanges(lineDiff(linesOf(before), linesOf(after)), CONTEXT),
    [before, after],
  );
  if (parts.length === 0) return <p>{none}</p>;
  const total = parts.reduce((sum, { lines }) => sum + lines.length, 0);
  let left = MOST_LINES;
  return (
    <ScrollRegion label={label} className={classes.diff}>
      {parts.map(({ skipped, lines }, place) => {
        const shown = lines.slice(0, Math.max(0, left));
        left -= shown.length;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a diff have no other name than their place
          <div key={place}>
            {skipped === 0 || shown.length === 0 ? null : (
              <div className={classes.skipped} dir="auto">
                {t('common.sameLines', { count: skipped })}
              </div>
            )}
            {shown.map(({ kind, text }, line) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines may be equal
              <div key={line} className={classes.line} data-kind={kind}>
                <span>{SIGNS[kind]}</span>
                <span>{text}</span>
              </div>
            ))}
          </div>
        );
      })}
      {total > MOST_LINES ? (
        <div className={classes.skipped} dir="auto">
          {t('common.moreLines', { count: total - MOST_LINES })}
        </div>
      ) : null}
    </ScrollRegion>
  );
}
