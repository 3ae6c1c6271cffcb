/** Port: sealed objects by key. What is handed in is already encrypted; nothing else may be written to a disk. */
export type ObjectStore = {
  /** Stores all of `content` or nothing; an object of the same key is replaced. */
  put(key: string, content: Buffer): Promise<void>;
  get(key: string): Promise<Buffer | undefined>;
  /** Deleting what is not there is fine. */
  delete(key: string): Promise<void>;
};
