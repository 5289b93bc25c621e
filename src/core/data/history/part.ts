/** Rows of one import: how many, and when they came. */
export interface Arrival {
  readonly rows: number;
  readonly importedAtMs: number;
}

/** Where a segment lies. */
export interface SegmentPlace {
  readonly blobId: string;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

/** A stretch of a dataset's history: rows that arrived together, or that were put together later. Never changed. */
export interface Part extends SegmentPlace {
  readonly rows: number;
  /** Content digest of its rows under the dataset's columns. */
  readonly digest: string;
  readonly source: string;
  /** In the order of the rows; their sum is `rows`. */
  readonly arrivals: readonly Arrival[];
  readonly storedBytes: number;
}

/** A part as one version of a dataset sees it: later corrections of its rows belong to later versions. */
export interface VersionPart<P extends Part = Part> {
  readonly part: P;
  readonly supersededRows: number;
  /** The blob of the mask that says which; null when every row is current. */
  readonly supersededBlob: string | null;
}

/** A part that is kept. */
export interface StoredPart extends Part {
  readonly id: number;
}

/** More parts than these are put together at the next import. */
export const MAX_PARTS = 16;
