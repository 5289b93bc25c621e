import { Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { usePreference, usePreferencesStore } from '../i18n/preferences-context.tsx';
import { GROUPS, isInRoom, ROOMS } from './navigation.ts';
import classes from './rail.module.css';

/** @param isNarrow where the window has no room for names, whatever was chosen. */
export function Rail({ isNarrow }: { readonly isNarrow: boolean }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const store = usePreferencesStore();
  const collapsed = usePreference('railCollapsed') || isNarrow;
  const Toggle = collapsed ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={classes.rail} aria-label={t('shell.rooms')} data-collapsed={collapsed ? true : undefined}>
      {GROUPS.map((group) => (
        <div key={group} className={classes.group}>
          {group === 'home' ? null : <h3 className={classes.heading}>{t(`groups.${group}`)}</h3>}
          {ROOMS.filter((room) => room.group === group).map((room) => {
            const Icon = room.icon;
            const label = t(`rooms.${room.id}`);
            return (
              <Tooltip key={room.id} label={label} position="right" disabled={!collapsed}>
                <Link
                  href={room.href}
                  className={classes.link}
                  aria-label={label}
                  aria-current={isInRoom(location, room) ? 'page' : undefined}
                >
                  <Icon size={16} stroke={1.6} aria-hidden />
                  <span className={classes.text}>{label}</span>
                </Link>
              </Tooltip>
            );
          })}
        </div>
      ))}
      {isNarrow ? null : (
        <button
          type="button"
          className={`${classes.link ?? ''} ${classes.collapse ?? ''}`}
          aria-expanded={!collapsed}
          aria-label={collapsed ? t('shell.expandRail') : t('shell.collapseRail')}
          onClick={() => store.setState({ railCollapsed: !collapsed })}
        >
          <Toggle size={16} stroke={1.6} aria-hidden />
        </button>
      )}
    </nav>
  );
}
