import { Button, Slider, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DateTime } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './as-of.module.css';
import { TIME_STEPS, timeScale } from './time-scale.ts';

/** The engine is asked when the hand rests. */
const SETTLE_MS = 120;

export interface TimeSliderProps {
  readonly first: string;
  readonly last: string;
  /** Null: the newest. */
  readonly at: string | null;
  /** When something next changes, on both sides. */
  readonly previous: string | null;
  readonly next: string | null;
  readonly onChange: (at: string | null) => void;
}

/** Moves through a view's history: by hand, by its changes, or to an exact instant. */
export function TimeSlider({ first, last, at, previous, next, onChange }: TimeSliderProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const scale = timeScale(first, last);
  const [held, setHeld] = useState<number | null>(null);
  const settle = useDebouncedCallback((position: number) => {
    onChange(position === TIME_STEPS ? null : scale.toInstant(position));
    setHeld(null);
  }, SETTLE_MS);
  const position = held ?? scale.toPosition(at ?? last);
  const shown = held === null ? (at ?? last) : scale.toInstant(held);
  /** Somewhere else than where the hand would have settled. */
  const goTo = (instant: string | null): void => {
    settle.cancel();
    setHeld(null);
    onChange(instant);
  };
  return (
    <div className={classes.time}>
      <div className={classes.slider}>
        <Slider
          min={0}
          max={TIME_STEPS}
          label={null}
          thumbLabel={t('features.asOf.slider')}
          thumbValueText={shown}
          value={position}
          onChange={(moved) => {
            setHeld(moved);
            settle(moved);
          }}
        />
        <div className={classes.ends}>
          <DateTime at={first} />
          <DateTime at={last} />
        </div>
      </div>
      <div className={classes.steps}>
        <Button
          variant="default"
          leftSection={<IconChevronLeft size={14} className={classes.arrow} />}
          disabled={previous === null}
          {...(previous === null ? {} : { title: format.dateTime(previous) })}
          onClick={() => goTo(previous)}
        >
          {t('features.asOf.previous')}
        </Button>
        <Button
          variant="default"
          rightSection={<IconChevronRight size={14} className={classes.arrow} />}
          disabled={next === null}
          {...(next === null ? {} : { title: format.dateTime(next) })}
          onClick={() => goTo(next)}
        >
          {t('features.asOf.next')}
        </Button>
        <ExactTime shown={shown} onChange={goTo} />
        <Button variant="default" disabled={at === null && held === null} onClick={() => goTo(null)}>
          {t('features.asOf.newest')}
        </Button>
      </div>
    </div>
  );
}

/** Keeps what is typed until Enter or until the field is left. */
function ExactTime({ shown, onChange }: { readonly shown: string; readonly onChange: (at: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const commit = (): void => {
    const typed = text?.trim() ?? '';
    setText(null);
    if (typed !== '' && typed !== shown) onChange(typed);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <TextInput
        aria-label={t('features.asOf.instant')}
        title={t('features.asOf.instantHint')}
        dir="ltr"
        className={classes.instant ?? ''}
        value={text ?? shown}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
      />
    </form>
  );
}
