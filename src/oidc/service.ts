import type { RequestListener } from 'node:http';
import type { AuditLog } from '../audit/index.ts';
import type { Client, ClientStore, ValidateClient } from '../clients/index.ts';
import { seconds, type Clock } from '../core/clock.ts';
import type { AccountId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import {
  ownApi,
  ownResource,
  platformResource,
  resourceScopes,
  signalResource,
  signalScopes,
  type Entitlements,
  type EntitlementStore,
  type EntitlementStores,
  type ResourceScopeRow,
  type ResourceStore,
  type ScopeRow,
} from '../entitlements/index.ts';
import type { AccountStanding } from '../entitlements/index.ts';
import type { ReadStanding } from './accounts.ts';
import { createAdapter } from './adapter.ts';
import { activeCompanies, type ActingChoiceStore } from './acting.ts';
import type { ArtifactStorage, ArtifactStore } from './artifacts.ts';
import { companyName } from './company-options.ts';
import { loadCatalogue } from './catalogue.ts';
import { withdrawConsent, type Consent, type ConsentStore, type ConsentStores } from './consents.ts';
import { isProviderPath, mount, type Mounted } from './dispatch.ts';
import { createInteractions, type Interactions } from './interactions.ts';
import { createSigningKeys, type SigningKey, type SigningKeys, type SigningKeyStore } from './keys.ts';
import { readMachineToken, type MachineToken } from './machine-tokens.ts';
import { createPendingPages, type ShowPage } from './pages.ts';
import { subjects } from './pairwise.ts';
import { createPeople, type People } from './people.ts';
import { createProvider, type ProviderDependencies } from './provider.ts';
import { signSecurityEvent } from './security-events.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { subjectLoader, type SubjectSource } from './subject.ts';

export type OidcStores = ConsentStores &
  EntitlementStores & { readonly signingKeys: SigningKeyStore; readonly audit: AuditLog };

export type OidcDependencies = {
  readonly issuer: string;
  /** Secrets that sign the provider's cookies, newest first. */
  readonly cookieSecrets: readonly string[];
  readonly storage: ArtifactStorage;
  /** Whether an app is registered, by the fastest way the database has. */
  readonly findClient: ClientStore['find'];
  readonly stores: {
    readonly consents: ConsentStore;
    readonly actingChoices: ActingChoiceStore;
    readonly artifacts: Pick<ArtifactStore, 'companiesActedFor'>;
    readonly entitlements: EntitlementStore;
    readonly resources: ResourceStore;
    readonly signingKeys: SigningKeyStore;
  };
  readonly transact: Transact<OidcStores>;
  readonly entitlements: Entitlements;
  readonly subjects: SubjectSource;
  readonly showPage: ShowPage;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

export type Oidc = {
  isProviderPath(url: string): boolean;
  readonly handler: RequestListener;
  readonly interactions: Interactions;
  readonly people: People;
  readonly signIn: SignIn;
  readonly signingKeys: SigningKeys;
  readonly validateClient: ValidateClient;
  /** What the account agreed to, app by app. */
  listConsents(accountId: AccountId): Promise<Consent[]>;
  /** For which companies the account acts at apps now; an app has several where browsers chose differently. */
  listActing(accountId: AccountId): Promise<ActedFor[]>;
  /** Ends an app's access at once; false when it had none. */
  withdraw(accountId: AccountId, clientId: string): Promise<boolean>;
  /** Signs the claims of a security event token (RFC 8417) with the newest key. */
  signSecurityEvent(claims: object): Promise<string>;
  /** The subject by which an app knows an account; undefined when there is no such app. */
  subjectFor(accountId: AccountId, clientId: string): Promise<string | undefined>;
  /** Who presents an access token for {@link signalResource}, and what it may do; undefined for any other token. */
  readMachineToken(token: string): Promise<MachineToken | undefined>;
  /** Takes over keys and scopes that were changed by another process. */
  reload(): Promise<void>;
  start(): void;
  stop(): void;
};

export type ActedFor = {
  readonly clientId: string;
  readonly name: string;
  /** Whether the person may still act for it; if not, the app gets nothing that depends on it. */
  readonly active: boolean;
};

const RELOAD_MS = seconds(10);

/** The OpenID provider with everything around it. */
export async function createOidc(dependencies: OidcDependencies): Promise<Oidc> {
  const { stores, storage, clock, log, transact, entitlements } = dependencies;
  const signingKeys = createSigningKeys({ transact, store: stores.signingKeys, clock });
  await signingKeys.ensure();
  const signals = signalResource(dependencies.issuer);
  const resource = `${dependencies.issuer}${ownApi}`;
  await stores.resources.seed(
    [platformResource, signals, { ...ownResource, identifier: resource }],
    [
      ...resourceScopes.map((row) => toStored(row.resource === ownApi ? { ...row, resource } : row)),
      ...signalScopes.map(({ scope, requires, machine = false }) =>
        toStored({ scope, requires, machine, resource: signals.identifier }),
      ),
    ],
  );
  const catalogue = await loadCatalogue(stores.resources);
  const pairwiseSecret = await stores.signingKeys.secret('pairwise');
  const subjectOf = subjects(pairwiseSecret);

  // Any request may name any client; PostgreSQL takes no NUL character in a text.
  const findClient: OidcDependencies['findClient'] = async (id) =>
    id.includes('\0') ? undefined : dependencies.findClient(id);
  const loadSubject = subjectLoader(dependencies.subjects, stores.entitlements);
  const pages = createPendingPages();
  const adapter = createAdapter({
    storage,
    clock,
    async findClient(id) {
      const client = await findClient(id);
      return client && toMetadata(client);
    },
  });

  const readStanding: ReadStanding = async (accountId, request) => {
    const standing = await adapter.reads(request).standing(accountId);
    if (!standing || isCurrent(standing, clock)) return standing;
    await transact((bound) => entitlements.recompute(bound, accountId));
    return storage.reads().standing(accountId);
  };

  const build = async (): Promise<Mounted & { version: string; keys: readonly SigningKey[] }> => {
    const keys = await stores.signingKeys.list();
    const settings: ProviderDependencies = {
      ...dependencies,
      findClient,
      readStanding,
      loadSubject,
      catalogue,
      pairwiseSecret,
      adapter,
      consents: stores.consents,
      pages,
      keys,
    };
    const mounted = await mount(createProvider(settings), { ...dependencies, adapter, pages });
    return { ...mounted, keys, version: keys.map(({ id, state }) => `${id}:${state}`).join() };
  };

  let current = await build();
  const provider = () => current.provider;
  const { consents } = stores;
  const timers: NodeJS.Timeout[] = [];

  const reload = async (): Promise<void> => {
    await catalogue.reload();
    const keys = await stores.signingKeys.list();
    if (keys.map(({ id, state }) => `${id}:${state}`).join() !== current.version) current = await build();
  };
  const every = (ms: number, what: string, work: () => Promise<unknown>) =>
    timers.push(
      setInterval(
        () => void work().catch((error: unknown) => log.error(`${what} failed`, { error })),
        ms,
      ).unref(),
    );

  return {
    isProviderPath,
    handler: (request, response) => current.handle(request, response),
    interactions: createInteractions({
      provider,
      transact,
      actingChoices: stores.actingChoices,
      catalogue,
      readStanding,
      loadSubject,
      clock,
    }),
    people: createPeople({ provider, consents, pairwiseSecret, resource }),
    signIn: createSignIn({ provider, issuer: dependencies.issuer, readStanding, storage }),
    signingKeys,
    async validateClient(client) {
      // With pairwise subjects the library reads the redirect addresses before it checks them.
      const malformed = client.metadata.redirect_uris.find((uri) => !URL.canParse(uri));
      if (malformed !== undefined) return `redirect_uris holds "${malformed}", which is not an address`;
      try {
        await (provider().Client as unknown as { validate(metadata: object): Promise<void> }).validate(
          toMetadata(client),
        );
        return undefined;
      } catch (error) {
        if (error instanceof Error && 'error_description' in error) return String(error.error_description);
        throw error;
      }
    },
    signSecurityEvent: (claims) => signSecurityEvent(current.keys, claims),
    async subjectFor(accountId, clientId) {
      const app = await provider().Client.find(clientId);
      return app && subjectOf(accountId, app);
    },
    readMachineToken: (token) => readMachineToken(provider(), token, signals.identifier),
    listConsents: (accountId) => stores.consents.list(accountId),
    async listActing(accountId) {
      const grants = await stores.artifacts.companiesActedFor(accountId);
      const standing = grants.length > 0 ? await readStanding(accountId) : undefined;
      if (!standing) return [];
      const facts = await stores.entitlements.facts(accountId);
      const active = new Set(activeCompanies(standing).map(({ companyId }) => companyId));
      return distinct(grants).flatMap(({ clientId, companyId }) => {
        const name = companyName(facts, companyId);
        return name === undefined ? [] : [{ clientId, name, active: active.has(companyId) }];
      });
    },
    withdraw: (accountId, clientId) => transact((bound) => withdrawConsent(bound, accountId, clientId)),
    reload,
    start() {
      every(RELOAD_MS, 'reloading keys and scopes', reload);
    },
    stop: () => timers.splice(0).forEach((timer) => clearInterval(timer)),
  };
}

function distinct<T extends { clientId: string; companyId: string }>(grants: readonly T[]): T[] {
  return [...new Map(grants.map((grant) => [`${grant.clientId} ${grant.companyId}`, grant])).values()];
}

/** Whether neither the account nor time changed anything since the status was derived. */
export function isCurrent({ status, changedAt }: AccountStanding, clock: Clock): boolean {
  if (!status || changedAt >= status.derivedAt) return false;
  return status.recheckAt === null || status.recheckAt > clock.now();
}

/** A client as oidc-provider reads it; the digest stands where it expects the secret, see `compareClientSecret`. */
function toMetadata({ id, name, firstParty, secretDigest, metadata }: Client): Record<string, unknown> {
  return {
    ...metadata,
    client_id: id,
    client_name: name,
    first_party: firstParty,
    ...(secretDigest === null ? {} : { client_secret: secretDigest }),
  };
}

function toStored(row: ScopeRow): ResourceScopeRow {
  return { ...row, resource: row.resource ?? '', titles: {} };
}
