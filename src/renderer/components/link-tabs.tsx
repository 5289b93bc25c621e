import { Link, useLocation } from 'wouter';
import classes from './link-tabs.module.css';

export interface LinkTab {
  readonly href: string;
  readonly label: string;
  readonly count?: string;
}

/** Tabs that are addresses: each can be linked to, and Back works. */
export function LinkTabs({ tabs, label }: { readonly tabs: readonly LinkTab[]; readonly label: string }) {
  const [location] = useLocation();
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          className={classes.tab}
          aria-current={location === tab.href.split('?', 1)[0] ? 'page' : undefined}
        >
          {tab.label}
          {tab.count === undefined ? null : <span className={classes.count}>{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
