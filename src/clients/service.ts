import type { Clock } from '../core/clock.ts';
import { randomToken, type Random } from '../core/random.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { digestSecret, needsSecret, type Client, type ClientMetadata } from './client.ts';
import type { ClientStore } from './store.ts';

export type NewClient = {
  /** Chosen by the operator, or made up. */
  readonly id?: string;
  readonly name: string;
  readonly firstParty?: boolean;
  readonly metadata: Partial<ClientMetadata> & Pick<ClientMetadata, 'redirect_uris'>;
  /** Development only: a secret that is the same at every start. */
  readonly secret?: string;
};

export type ClientChange = {
  readonly name?: string;
  readonly firstParty?: boolean;
  readonly metadata?: Partial<ClientMetadata>;
};

/** What the OpenID provider thinks of the metadata: undefined, or what is wrong with it. */
export type ValidateClient = (client: Client) => Promise<string | undefined>;

export type Clients = {
  /** `secret` is shown once; it is not stored. */
  add(
    client: NewClient,
  ): Promise<Result<{ client: Client; secret?: string }, 'exists' | 'invalid'> & { detail?: string }>;
  update(
    id: string,
    change: ClientChange,
  ): Promise<Result<{ client: Client }, 'unknown' | 'invalid'> & { detail?: string }>;
  newSecret(id: string): Promise<Result<{ client: Client; secret: string }, 'unknown' | 'public'>>;
  remove(id: string): Promise<boolean>;
  list(): Promise<Client[]>;
  find(id: string): Promise<Client | undefined>;
};

export type ClientDependencies = {
  readonly store: ClientStore;
  readonly validate: ValidateClient;
  readonly clock: Clock;
  readonly random: Random;
};

const defaults: ClientMetadata = {
  redirect_uris: [],
  post_logout_redirect_uris: [],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  application_type: 'web',
  subject_type: 'pairwise',
  id_token_signed_response_alg: 'ES256',
};

/** Nobody signs in to an app without a response type: it has no subjects to keep apart. */
function defaultsFor({ response_types }: Partial<ClientMetadata>): ClientMetadata {
  return response_types?.length === 0 ? { ...defaults, subject_type: 'public' } : defaults;
}

export function createClients({ store, validate, clock, random }: ClientDependencies): Clients {
  return {
    async add({ id, name, firstParty = false, metadata, secret: given }) {
      const complete: ClientMetadata = { ...defaultsFor(metadata), ...metadata };
      const secret = needsSecret(complete.token_endpoint_auth_method)
        ? (given ?? randomToken(random))
        : undefined;
      const now = clock.now();
      const client: Client = {
        id: id ?? `app-${randomToken(random, 9)}`,
        name,
        firstParty,
        secretDigest: secret === undefined ? null : digestSecret(secret),
        metadata: complete,
        createdAt: now,
        updatedAt: now,
      };
      const wrong = await validate(client);
      if (wrong !== undefined) return failed('invalid', { detail: wrong });
      if (!(await store.create(client))) return failed('exists');
      return ok(secret === undefined ? { client } : { client, secret });
    },
    async update(id, { name, firstParty, metadata }) {
      const found = await store.find(id);
      if (!found) return failed('unknown');
      const client: Client = {
        ...found,
        name: name ?? found.name,
        firstParty: firstParty ?? found.firstParty,
        metadata: { ...found.metadata, ...metadata },
        updatedAt: clock.now(),
      };
      const wrong = await validate(client);
      if (wrong !== undefined) return failed('invalid', { detail: wrong });
      await store.update(client);
      return ok({ client });
    },
    async newSecret(id) {
      const found = await store.find(id);
      if (!found) return failed('unknown');
      if (!needsSecret(found.metadata.token_endpoint_auth_method)) return failed('public');
      const secret = randomToken(random);
      const client = { ...found, secretDigest: digestSecret(secret), updatedAt: clock.now() };
      await store.update(client);
      return ok({ client, secret });
    },
    remove: (id) => store.remove(id),
    list: () => store.list(),
    find: (id) => store.find(id),
  };
}
