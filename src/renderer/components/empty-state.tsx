import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CommandLine } from './command-line.tsx';
import classes from './empty-state.module.css';

export interface EmptyStateProps {
  readonly icon: TablerIcon;
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  readonly command?: string;
}

/** Teaches: one sentence, one action, one command that does the same. */
export function EmptyState({ icon: Icon, title, text, action, command }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <Icon size={28} stroke={1.3} className={classes.icon} aria-hidden />
      <div className={classes.text}>
        <h2 className={classes.title}>{title}</h2>
        <p>{text}</p>
      </div>
      {action === undefined ? null : <div className={classes.actions}>{action}</div>}
      {command === undefined ? null : <CommandLine command={command} />}
    </div>
  );
}
