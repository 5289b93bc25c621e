/** A run whose program reads data, and what for, as its program says. */
export interface Reader {
  readonly run: string;
  readonly context: string | null;
}

/** Who calls. */
export interface CallContext {
  /** A program that `falaj run` started; what it reads is kept with its run. */
  readonly reader?: Reader;
  /** False for whoever came by a link or a token: what runs as this user is started by this user. */
  readonly mayStartPrograms?: boolean;
}
