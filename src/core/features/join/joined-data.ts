import type { DataRoom } from '../../data/index.ts';

/** What a join asks of the data room. */
export type JoinedData = Pick<DataRoom, 'get' | 'load'>;
