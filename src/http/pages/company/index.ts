import type Router from '@koa/router';
import type { Clock } from '../../../core/clock.ts';
import type { AccountId, CompanyId } from '../../../core/ids.ts';
import type {
  CompanyEmail,
  CompanyEmailStores,
  CompanyStores,
  Domains,
  Invitations,
  Members,
} from '../../../companies/index.ts';
import { represents } from '../../../companies/index.ts';
import { companyAccess, createCompanyGate, type CompanyGate } from '../../company-access.ts';
import type { State } from '../../context.ts';
import type { SignIn } from '../../sign-in.ts';
import { requireDeclared } from '../../staff-access.ts';
import { companyCheckPages, type CompanyCheckParts } from '../company-checks/index.ts';
import { activityPages } from './activity.ts';
import { companyHomePages } from './company.ts';
import { domainPages } from './domains.ts';
import { emailPages } from './email.ts';
import { invitationPages } from './invitations.ts';
import { linkPages } from './link.ts';
import { listPages } from './list.ts';
import { memberPages } from './members.ts';

export type CompanyPagesDependencies = {
  readonly signIn: SignIn;
  /** For reading. */
  readonly stores: CompanyStores & CompanyEmailStores;
  readonly members: Members<CompanyStores>;
  readonly invitations: Invitations;
  readonly domains: Domains;
  readonly emails: CompanyEmail<CompanyEmailStores>;
  /** Whether mail can be sent at all. */
  readonly mail: boolean;
  /** The name that was verified of somebody; undefined where none is in force. */
  readonly nameOf: (id: AccountId) => Promise<string | undefined>;
  /** What somebody may for each of their companies, as the entitlements last derived it. */
  readonly standings: (id: AccountId) => Promise<readonly PlaceStanding[]>;
  /** Evidence that is handed in outside a verification. */
  readonly evidence: CompanyCheckParts;
  readonly issuer: string;
  readonly clock: Clock;
};

export type PlaceStanding = {
  readonly companyId: CompanyId;
  readonly status: string;
  readonly reasons: readonly string[];
  readonly nextStep: string;
};

export type CompanyPageParts = CompanyPagesDependencies & { readonly gate: CompanyGate };

/** The pages of companies under /company: mine, joining, and what members and administrators see and do. */
export function companyPages(dependencies: CompanyPagesDependencies): Router<State>[] {
  const { signIn, stores } = dependencies;
  const gate = createCompanyGate(
    signIn,
    async (accountId, companyId) => {
      const own = await stores.memberships.findFor(accountId, companyId);
      const company = own && (await stores.companies.find(companyId));
      return own && company && { own, company };
    },
    (own) => represents(stores, own),
  );
  const parts = { ...dependencies, gate };
  const routers = [
    listPages(parts),
    linkPages(parts),
    companyHomePages(parts),
    emailPages(parts),
    memberPages(parts),
    invitationPages(parts),
    domainPages(parts),
    activityPages(parts),
    companyCheckPages({ ...dependencies.evidence, gate }),
  ];
  requireDeclared(routers, companyAccess);
  return routers;
}
