import { Link, useLocation, useSearch } from 'wouter';
import classes from './link-tabs.module.css';
import { withList } from './list-address.ts';

export interface LinkTab {
  readonly href: string;
  readonly label: string;
  readonly count?: string;
}

/** Tabs that are addresses: each can be linked to, and Back works. The list beside them stays as it is. */
export function LinkTabs({ tabs, label }: { readonly tabs: readonly LinkTab[]; readonly label: string }) {
  const [location] = useLocation();
  const search = useSearch();
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={withList(tab.href, search)}
          className={classes.tab}
          aria-current={location === tab.href.split('?', 1)[0] ? 'page' : undefined}
        >
          <span className={classes.label} data-label={tab.label}>
            {tab.label}
          </span>
          {tab.count === undefined ? null : <span className={classes.count}>{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
