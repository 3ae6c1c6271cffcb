import type { AppEvent, EventType } from '../events/index.ts';
import type { Permission } from './stores.ts';

type Payload<T extends EventType> = Extract<AppEvent, { type: T }>['payload'];
type Claims = Readonly<Record<string, unknown>>;

/** What an app must have been given by the person to be told. `known`: anything at all; they signed in to it. */
export type Need = 'known' | { readonly scope: string; readonly claims: readonly string[] };

export type SignalRow<T extends EventType = EventType> = {
  readonly event: T;
  readonly family: 'risc' | 'caep' | 'own';
  /** The last part of the event type URI. */
  readonly name: string;
  readonly about: 'account' | 'company';
  readonly needs: Need;
  /** Names the one app that is told, where the event concerns one alone; it needs nothing. */
  readonly only?: (payload: Payload<T>) => string | undefined;
  /** What of it concerns an app whose people act for these companies; undefined: nothing does. `[]`: for none. */
  readonly asSeen?: (payload: Payload<T>, companies: readonly string[]) => Payload<T> | undefined;
  /** The members of the event beside its instant. */
  readonly claims: (payload: Payload<T>) => Claims;
};

const row = <T extends EventType>(definition: SignalRow<T>) => definition as unknown as SignalRow;

const phone: Need = { scope: 'phone', claims: ['phone_number'] };
const verification: Need = { scope: 'verification', claims: ['recruiter_status', 'recruiter_reasons'] };
const level: Need = { scope: 'verification', claims: ['person_status', 'assurance_level'] };
const company: Need = { scope: 'company', claims: ['company'] };

/** CAEP 1.0 section 3.3 calls what was set for the first time created. */
const changeTypes = { set: 'create', changed: 'update', removed: 'delete' } as const;
/** The reasons that RISC 1.0 section 2.3 knows; ours say more than an app needs. */
const disabledReasons = ['hijacking', 'bulk-account'];

/**
 * THE table of signals: which events of the catalogue leave the program, under which event type, to whom, and with which
 * members. Nothing else puts anything about a person into a signal. docs/events.md is printed from this.
 */
export const signalTable: readonly SignalRow[] = [
  row({
    event: 'account.disabled',
    family: 'risc',
    name: 'account-disabled',
    about: 'account',
    needs: 'known',
    claims: ({ reason }) => (disabledReasons.includes(reason) ? { reason } : {}),
  }),
  row({
    event: 'account.enabled',
    family: 'risc',
    name: 'account-enabled',
    about: 'account',
    needs: 'known',
    claims: none,
  }),
  row({
    event: 'account.purged',
    family: 'risc',
    name: 'account-purged',
    about: 'account',
    needs: 'known',
    claims: none,
  }),
  row({
    event: 'account.identifier_changed',
    family: 'risc',
    name: 'identifier-changed',
    about: 'account',
    needs: phone,
    claims: none,
  }),
  row({
    event: 'account.identifier_recycled',
    family: 'risc',
    name: 'identifier-recycled',
    about: 'account',
    needs: phone,
    claims: none,
  }),
  row({
    event: 'account.credential_changed',
    family: 'caep',
    name: 'credential-change',
    about: 'account',
    needs: 'known',
    claims: ({ credential, change }) => ({ credential_type: credential, change_type: changeTypes[change] }),
  }),
  row({
    event: 'account.sessions_revoked',
    family: 'caep',
    name: 'session-revoked',
    about: 'account',
    needs: 'known',
    claims: ({ by }) => ({ initiating_entity: by }),
  }),
  row({
    event: 'person.level_changed',
    family: 'caep',
    name: 'assurance-level-change',
    about: 'account',
    needs: level,
    claims: ({ from, to }) => ({
      namespace: 'shiming',
      current_level: to,
      previous_level: from,
      change_direction: to > from ? 'increase' : 'decrease',
    }),
  }),
  row({
    event: 'recruiter.status_changed',
    family: 'own',
    name: 'recruiter-status-change',
    about: 'account',
    needs: verification,
    asSeen: statusAsSeen,
    claims: ({ from, to, reasons }) => ({ current_status: to, previous_status: from, reasons }),
  }),
  row({
    event: 'company.status_changed',
    family: 'own',
    name: 'company-status-change',
    about: 'company',
    needs: company,
    claims: ({ from, to }) => ({ current_status: to, previous_status: from }),
  }),
  row({
    event: 'consent.withdrawn',
    family: 'own',
    name: 'permission-change',
    about: 'account',
    needs: 'known',
    only: ({ clientId }) => clientId,
    claims: () => ({ permission: 'sign_in', granted: false }),
  }),
  row({
    event: 'purpose.switched',
    family: 'own',
    name: 'permission-change',
    about: 'account',
    needs: 'known',
    only: ({ clientId }) => clientId,
    claims: ({ purpose, granted }) => ({ permission: purpose, granted }),
  }),
];

const byEvent = new Map<string, SignalRow>(signalTable.map((one) => [one.event, one]));

export function signalFor(type: string): SignalRow | undefined {
  return byEvent.get(type);
}

/** The types of the catalogue that a webhook can ask for. */
export const signalTypes: readonly EventType[] = signalTable.map(({ event }) => event);

const bases = {
  risc: 'https://schemas.openid.net/secevent/risc/event-type/',
  caep: 'https://schemas.openid.net/secevent/caep/event-type/',
} as const;

/** The event type URI; our own ones stand under the issuer. */
export function eventUri({ family, name }: Pick<SignalRow, 'family' | 'name'>, issuer: string): string {
  return family === 'own' ? `${issuer}/secevent/event-type/${name}` : `${bases[family]}${name}`;
}

/** Every event type URI that a stream can ask for, each once. */
export function eventUris(issuer: string): string[] {
  return [...new Set(signalTable.map((one) => eventUri(one, issuer)))];
}

/** Event types of SSF 1.0 sections 8.1.4.1 and 8.1.5, which every stream has. */
export const streamEvents = {
  'ssf.verification': 'https://schemas.openid.net/secevent/ssf/event-type/verification',
  'ssf.stream_updated': 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated',
} as const;

/** Whether an app that was given this may be told. */
export function mayKnow(needs: Need, given: Permission | undefined): boolean {
  if (!given) return false;
  if (needs === 'known') return true;
  return given.scopes.includes(needs.scope) || needs.claims.some((claim) => given.claims.includes(claim));
}

function none(): Claims {
  return {};
}

/** Where the person acts for a company at this app, that company's status; else the account's own. */
function statusAsSeen(
  { overall = true, companies = [], from, to, reasons }: Payload<'recruiter.status_changed'>,
  actedFor: readonly string[],
): Payload<'recruiter.status_changed'> | undefined {
  if (actedFor.length === 0) return overall ? { from, to, reasons } : undefined;
  const own = companies.find(({ companyId }) => actedFor.includes(companyId));
  return own && { from: own.from, to: own.to, reasons: own.reasons };
}
