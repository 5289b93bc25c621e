import {
  IconActivity,
  IconBinaryTree2,
  IconChartLine,
  IconCpu,
  IconDatabase,
  IconHome,
  IconListCheck,
  IconRosetteDiscountCheck,
  IconSchool,
  IconShieldCheck,
  type TablerIcon,
} from '@tabler/icons-react';

export type RoomId =
  | 'overview'
  | 'data'
  | 'features'
  | 'training'
  | 'runs'
  | 'models'
  | 'drift'
  | 'jobs'
  | 'devices'
  | 'audit';
export type RoomGroup = 'home' | 'data' | 'build' | 'ship' | 'watch' | 'site';

export interface NavigationRoom {
  readonly id: RoomId;
  readonly group: RoomGroup;
  readonly href: string;
  /** Pressed after `g`. */
  readonly key: string;
  readonly icon: TablerIcon;
}

/** The rooms in the order of the flow: from data on the way in to decisions on the way out. */
export const ROOMS: readonly NavigationRoom[] = [
  { id: 'overview', group: 'home', href: '/', key: 'o', icon: IconHome },
  { id: 'data', group: 'data', href: '/data', key: 'd', icon: IconDatabase },
  { id: 'features', group: 'data', href: '/features', key: 'f', icon: IconBinaryTree2 },
  { id: 'training', group: 'build', href: '/training', key: 't', icon: IconSchool },
  { id: 'runs', group: 'build', href: '/runs', key: 'r', icon: IconChartLine },
  { id: 'models', group: 'ship', href: '/models', key: 'm', icon: IconRosetteDiscountCheck },
  { id: 'drift', group: 'watch', href: '/drift', key: 'w', icon: IconActivity },
  { id: 'jobs', group: 'site', href: '/jobs', key: 'j', icon: IconListCheck },
  { id: 'devices', group: 'site', href: '/devices', key: 'v', icon: IconCpu },
  { id: 'audit', group: 'site', href: '/audit', key: 'a', icon: IconShieldCheck },
];

export const GROUPS: readonly RoomGroup[] = ['home', 'data', 'build', 'ship', 'watch', 'site'];

export const isInRoom = (location: string, room: NavigationRoom): boolean =>
  room.href === '/' ? location === '/' : location === room.href || location.startsWith(`${room.href}/`);
