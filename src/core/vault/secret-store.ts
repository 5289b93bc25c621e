/** A place outside the workspace that keeps a small secret for the user of this computer. */
export interface SecretStore {
  /** What it is, for a person. */
  describe(): string;
  /** Whether it truly keeps secrets: proven by writing, reading, comparing and deleting one. Null means yes; else why not. */
  unavailableBecause(): Promise<string | null>;
  get(name: string): Promise<Buffer | null>;
  set(name: string, secret: Uint8Array): Promise<void>;
  /** False when there was nothing to delete. */
  delete(name: string): Promise<boolean>;
}
