import {
  IconAbc,
  IconCalendar,
  IconClock,
  IconDecimal,
  IconNumber123,
  IconToggleLeft,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ColumnType } from '../../../shared/table/column.ts';

const icons: Readonly<Record<ColumnType, TablerIcon>> = {
  float64: IconDecimal,
  int64: IconNumber123,
  bool: IconToggleLeft,
  string: IconAbc,
  timestamp: IconClock,
  date: IconCalendar,
};

export function TypeIcon({ type }: { readonly type: ColumnType }) {
  const Icon = icons[type];
  return <Icon size={15} stroke={1.5} aria-label={type} />;
}
