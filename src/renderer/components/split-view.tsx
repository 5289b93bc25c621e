import { IconArrowLeft } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import classes from './split-view.module.css';

export interface SplitViewProps {
  readonly list: ReactNode;
  /** Null: the list takes all the room. */
  readonly detail: ReactNode | null;
  readonly defaultWidth?: number;
  /** The list's own page: the way back where there is no room for both. */
  readonly back?: { readonly href: string; readonly label: string };
}

const LIMITS = { min: 200, max: 560 } as const;
const clamp = (width: number): number => Math.min(LIMITS.max, Math.max(LIMITS.min, width));

/** List and detail side by side; the border between them can be dragged or moved with the arrow keys. */
export function SplitView({ list, detail, defaultWidth = 292, back }: SplitViewProps) {
  const { t, i18n } = useTranslation();
  const [width, setWidth] = useState(defaultWidth);
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const towardsEnd = i18n.dir() === 'rtl' ? -1 : 1;
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    drag.current = { x: event.clientX, width };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drag.current !== null)
      setWidth(clamp(drag.current.width + (event.clientX - drag.current.x) * towardsEnd));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    setWidth(clamp(width + step * towardsEnd));
  };
  return (
    <div className={classes.split} data-open={detail === null ? undefined : true}>
      <section
        className={classes.list}
        style={detail === null ? undefined : { inlineSize: width }}
        data-alone={detail === null ? true : undefined}
      >
        {list}
      </section>
      {detail === null ? null : (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a window splitter is a focusable separator */}
          <div
            role="separator"
            tabIndex={0}
            className={classes.handle}
            aria-orientation="vertical"
            aria-label={t('common.resize')}
            aria-valuemin={LIMITS.min}
            aria-valuemax={LIMITS.max}
            aria-valuenow={width}
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onPointerUp={() => {
              drag.current = null;
            }}
            onKeyDown={onKeyDown}
          />
          <section className={classes.detail}>
            {back === undefined ? null : (
              <Link href={back.href} className={classes.back}>
                <IconArrowLeft size={14} aria-hidden />
                {back.label}
              </Link>
            )}
            {detail}
          </section>
        </>
      )}
    </div>
  );
}
