import type { IncomingMessage, ServerResponse } from 'node:http';
import type Router from '@koa/router';
import type { Clients } from '../clients/index.ts';
import type { Explanations } from '../entitlements/index.ts';
import { healthApi } from '../http/api/health.ts';
import { recruitersApi } from '../http/api/recruiters.ts';
import { ssfApi } from '../http/api/ssf/index.ts';
import type { State } from '../http/context.ts';
import { createCsrf } from '../http/csrf.ts';
import type { HandedOver } from '../http/handed-over.ts';
import { accountPages } from '../http/pages/account.ts';
import { appsPages } from '../http/pages/apps.ts';
import { takesCompanyPicture } from '../http/pages/company-checks/index.ts';
import { companyPages } from '../http/pages/company/index.ts';
import { createOwnCompanies } from '../http/pages/company/own-companies.ts';
import { createFindPast } from '../http/pages/company/past.ts';
import { devStaffPages } from '../http/pages/dev-staff.ts';
import { galleryPages } from '../http/pages/gallery.ts';
import { holdPages } from '../http/pages/hold.ts';
import { homePages } from '../http/pages/home.ts';
import { inboxPages } from '../http/pages/inbox.ts';
import { interactionPages } from '../http/pages/interaction.ts';
import { legalPages } from '../http/pages/legal.ts';
import { numberPages } from '../http/pages/number.ts';
import { signInPages } from '../http/pages/sign-in.ts';
import { staffPages } from '../http/pages/staff/index.ts';
import { takesPicture, verifyPages, wayBack, type FindApp } from '../http/pages/verify/index.ts';
import { createServer } from '../http/server.ts';
import { createUploads, type Uploads } from '../http/upload.ts';
import type { JobRunner } from '../jobs/index.ts';
import type { Oidc } from '../oidc/index.ts';
import type { Review } from '../review/index.ts';
import type { Signals } from '../signals/index.ts';
import type { Stores } from '../storage/stores.ts';
import { imageLimits, type Verification } from '../verification/index.ts';
import type { AccountParts } from './accounts.ts';
import type { CompanyParts } from './companies.ts';
import type { Foundation } from './foundation.ts';

type Services = {
  readonly account: AccountParts;
  readonly company: CompanyParts;
  readonly verification: Verification<Stores>;
  readonly explanations: Explanations;
  readonly clients: Clients;
  readonly oidc: Oidc;
  readonly review: Review;
  readonly signals: Signals;
  readonly jobs: JobRunner;
  readonly handedOver: HandedOver;
};

/** All that is answered over HTTP but for the provider's own endpoints: the pages and the APIs, in one stack. */
export function createPages(
  foundation: Foundation,
  services: Services,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { config, clock, random, log } = foundation;
  const { oidc, signals, handedOver } = services;
  const csrf = createCsrf(
    config.cookieKeys,
    config.issuer,
    random,
    (path) => takesPicture(path) || takesCompanyPicture(path),
  );
  const uploads = createUploads(csrf, { maxBytes: imageLimits.maxBytes, parallel: 16 });
  const ssf = ssfApi({
    signals,
    readToken: oidc.readMachineToken,
    issuer: config.issuer,
    production: config.mode === 'production',
  });
  const server = createServer({
    config,
    clock,
    random,
    log,
    csrf,
    routers: [
      homePages({ development: config.mode === 'development' }),
      ...(config.mode === 'development' ? developmentPages(foundation, services) : []),
      ...ownPages(foundation, services, uploads),
      ...apis(foundation, services),
    ],
    early: [handedOver.render, ssf],
  });
  return server.callback();
}

function developmentPages(
  { config, database: { stores } }: Foundation,
  { review, jobs }: Services,
): Router<State>[] {
  return [
    galleryPages(),
    devStaffPages(review),
    inboxPages({
      inbox: stores.inbox,
      mailInbox: stores.mailInbox,
      settle: jobs.drain,
      countries: config.phoneCountries,
    }),
  ];
}

/** What people see: of their sign-in, their account, their companies and their verification; and the console of staff. */
function ownPages(
  { config, clock, database: { stores } }: Foundation,
  { account, company, verification, clients, oidc, review, signals }: Services,
  uploads: Uploads,
): Router<State>[] {
  const findPast = createFindPast({ stores, nameOf: company.nameOf });
  const findApp: FindApp = async (uid, accountId) => (await oidc.interactions.peek(uid, accountId))?.client;
  return [
    interactionPages({ interactions: oidc.interactions }),
    signInPages({
      interactions: oidc.interactions,
      codes: account.codes,
      passwords: account.passwords,
      registration: account.registration,
      countries: config.phoneCountries,
    }),
    accountPages({
      signIn: oidc.signIn,
      accounts: account.accounts,
      async standing(accountId) {
        const status = await stores.entitlements.status(accountId);
        const about = status?.companies.find(({ companyId }) => companyId === status.companyId);
        const acting = about && about.bond !== 'over' && (await stores.companies.find(about.companyId));
        return status && { ...status, ...(acting ? { company: acting.name } : {}) };
      },
      ownCompanies: createOwnCompanies({ stores, nameOf: company.nameOf }),
      hold: review.holds.ofPerson,
      findPast,
      clock,
    }),
    numberPages({
      signIn: oidc.signIn,
      accounts: account.accounts,
      numbers: account.numbers,
      countries: config.phoneCountries,
    }),
    holdPages({
      signIn: oidc.signIn,
      holds: review.holds,
      async backTo(accountId) {
        const view = await verification.view(accountId);
        return view && wayBack(view.case, findApp);
      },
    }),
    ...companyPages({
      signIn: oidc.signIn,
      stores,
      members: company.members,
      invitations: company.invitations,
      domains: company.domains,
      emails: company.emails,
      mail: company.sendsMail,
      nameOf: company.nameOf,
      standings: async (accountId) => (await stores.entitlements.status(accountId))?.companies ?? [],
      evidence: {
        uploads,
        clock,
        checks: company.checks,
        deposits: company.deposits,
        classes: company.classes,
        printer: company.printer,
        persons: stores.persons,
      },
      issuer: config.issuer,
      clock,
    }),
    verifyPages({
      signIn: oidc.signIn,
      uploads,
      verification,
      async bereftBy({ accountId, companyId, scope }) {
        const approved = (await stores.cases.listApproved(accountId)).filter(
          (one) => one.scope !== 'company',
        );
        const ending = scope === 'company' ? [companyId] : approved.map((one) => one.companyId);
        const alone = (await company.members.administersAlone(accountId)).map((one) => ({
          ...one,
          stays: !ending.includes(one.id),
        }));
        return scope === 'company' ? alone.filter(({ stays }) => !stays) : alone;
      },
      findApp,
      hold: review.holds.ofPerson,
      findPast,
      contact: config.operatorContact,
    }),
    ...staffPages({ clock, issuer: config.issuer, review, signals: signals.operations }),
    appsPages({ signIn: oidc.signIn, oidc, clients }),
    legalPages({ operator: { name: config.operatorName, contact: config.operatorContact } }),
  ];
}

/** What programs ask. */
function apis({ clock, database }: Foundation, { company, explanations, oidc }: Services): Router<State>[] {
  return [
    recruitersApi({
      people: oidc.people,
      explanations,
      readCode(typed) {
        const read = company.companies.readCode(typed);
        return read.ok ? read.code : undefined;
      },
      clock,
    }),
    healthApi({ ready: async () => (await database.connection.knex.raw('select 1'), true) }),
  ];
}
