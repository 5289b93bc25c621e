import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  type TablerIcon,
} from '@tabler/icons-react';
import { cx } from './cx.ts';
import classes from './status-badge.module.css';

export type Tone = 'good' | 'attention' | 'bad' | 'running' | 'unknown';

const icons: Readonly<Record<Tone, TablerIcon>> = {
  good: IconCircleCheck,
  attention: IconAlertTriangle,
  bad: IconCircleX,
  running: IconLoader2,
  unknown: IconCircleDashed,
};

export interface StatusBadgeProps {
  readonly tone: Tone;
  /** The word: colour and icon never stand alone. */
  readonly children: string;
  /** Without the pill, for dense rows. */
  readonly plain?: boolean;
}

export function StatusBadge({ tone, children, plain = false }: StatusBadgeProps) {
  const Icon = icons[tone];
  return (
    <span className={cx(classes.badge, classes[tone], plain && classes.plain)}>
      <Icon size={14} stroke={1.9} className={tone === 'running' ? classes.spin : undefined} aria-hidden />
      {children}
    </span>
  );
}
