import type { Client } from './client.ts';

export type ClientStore = {
  find(id: string): Promise<Client | undefined>;
  list(): Promise<Client[]>;
  /** False when the identifier is taken. */
  create(client: Client): Promise<boolean>;
  update(client: Client): Promise<boolean>;
  remove(id: string): Promise<boolean>;
};
