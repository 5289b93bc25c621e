import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Code } from '../../components/code.tsx';
import { cx } from '../../components/cx.ts';
import { AppearanceSwitches } from '../../shell/appearance-switches.tsx';
import { FalajMark } from '../../shell/falaj-mark.tsx';
import classes from './welcome-frame.module.css';

export interface WelcomeFrameProps {
  readonly title: string;
  readonly text: string;
  readonly folder: string;
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

/** The page around everything that happens before a workspace is open. */
export function WelcomeFrame({ title, text, folder, narrow = false, children }: WelcomeFrameProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame}>
      <div className={classes.top}>
        <AppearanceSwitches />
      </div>
      <main className={cx(classes.centre, narrow && classes.narrow)}>
        <div className={classes.brand}>
          <FalajMark className={classes.mark} />
          <div>
            <h1>{title}</h1>
            <p>{text}</p>
          </div>
        </div>
        {children}
      </main>
      <footer className={classes.foot}>
        {t('start.folder')} <Code>{folder}</Code>
      </footer>
    </div>
  );
}
