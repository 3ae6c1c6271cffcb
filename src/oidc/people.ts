import type { Provider } from 'oidc-provider';
import type { AccountId, CompanyId } from '../core/ids.ts';
import type { Consent, ConsentStore } from './consents.ts';
import { readMachineToken, type MachineToken } from './machine-tokens.ts';
import { subjects } from './pairwise.ts';

/** A person as an app knows them: they signed in to it and agreed to what `consent` says. */
export type KnownPerson = {
  readonly accountId: AccountId;
  readonly subject: string;
  readonly consent: Consent;
};

/** Apps that ask about people, and which people exist for them. */
export type People = {
  /** Whose token this is; undefined for everything but a live token of an app for our own API. */
  authenticate(token: string): Promise<MachineToken | undefined>;
  /** The person an app knows by a subject identifier. */
  find(clientId: string, subject: string): Promise<KnownPerson | undefined>;
  /** At most `limit` of those an app knows who have, or had, to do with a company, after the one known as `after`. */
  listOfCompany(
    clientId: string,
    companyId: CompanyId,
    page: { readonly after: AccountId | undefined; readonly limit: number },
  ): Promise<KnownPerson[]>;
};

export type PeopleDependencies = {
  readonly provider: () => Provider;
  readonly consents: ConsentStore;
  readonly pairwiseSecret: Buffer;
  /** The resource indicator of our own API. */
  readonly resource: string;
};

const BATCH = 500;

export function createPeople({ provider, consents, pairwiseSecret, resource }: PeopleDependencies): People {
  const subjectOf = subjects(pairwiseSecret);
  const subjectsFor = async (clientId: string): Promise<((accountId: AccountId) => string) | undefined> => {
    const client = await provider().Client.find(clientId);
    return client && ((accountId) => subjectOf(accountId, client));
  };

  return {
    authenticate: (token) => readMachineToken(provider(), token, resource),
    async find(clientId, subject) {
      const subjectOf = await subjectsFor(clientId);
      if (!subjectOf) return undefined;
      // A subject cannot be turned back into an account; each is worked out once, when an app first asks by any.
      for (let batch = [...(await consents.listUnnamed(clientId, BATCH))]; batch.length > 0;) {
        for (const { accountId } of batch) {
          await consents.nameSubject(accountId, clientId, subjectOf(accountId));
        }
        batch = await consents.listUnnamed(clientId, BATCH);
      }
      const consent = await consents.findBySubject(clientId, subject);
      return consent && { accountId: consent.accountId, subject, consent };
    },
    async listOfCompany(clientId, companyId, page) {
      const subjectOf = await subjectsFor(clientId);
      if (!subjectOf) return [];
      const found = await consents.listOfCompany(clientId, companyId, page);
      return found.map((consent) => ({
        accountId: consent.accountId,
        subject: subjectOf(consent.accountId),
        consent,
      }));
    },
  };
}
