import { openSpotlight } from '@mantine/spotlight';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { withList } from '../components/list-address.ts';
import { meaningOf, parentOf } from './keyboard.ts';
import { ROOMS } from './navigation.ts';

const GO_WAIT_MS = 1200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role=combobox]'));

const focusFirst = (selector: string): boolean => {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  return element !== null;
};

/** Keys that work on every page: palette, jumps, into the list, to the filter, back. */
export function useShellKeyboard(showKeyMap: () => void): void {
  const [location, navigate] = useLocation();
  const state = useRef({ location, navigate, showKeyMap });
  state.current = { location, navigate, showKeyMap };
  useEffect(() => {
    let goAt = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const inList = event.target instanceof HTMLElement && event.target.closest('[data-list-row]') !== null;
      const meaning = meaningOf({
        key: event.key,
        command: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        typing: isTyping(event.target),
        covered: document.querySelector('[role=dialog], [role=menu]') !== null,
        afterGo: Date.now() - goAt < GO_WAIT_MS,
      });
      goAt = 0;
      if (meaning === null) return;
      switch (meaning.kind) {
        case 'palette':
          openSpotlight();
          break;
        case 'key-map':
          state.current.showKeyMap();
          break;
        case 'await-go':
          goAt = Date.now();
          return;
        case 'go': {
          const room = ROOMS.find(({ key }) => key === meaning.key);
          if (room === undefined) return;
          state.current.navigate(room.href);
          break;
        }
        case 'enter-list':
          if (inList || !focusFirst('main [data-list-row][tabindex="0"]')) return;
          break;
        case 'filter':
          if (!focusFirst('main [data-list-filter]')) return;
          break;
        case 'back': {
          const parent = parentOf(state.current.location);
          if (parent === null) return;
          state.current.navigate(withList(parent, window.location.search));
          break;
        }
      }
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
