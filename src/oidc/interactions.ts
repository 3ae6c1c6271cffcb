import { errors, type Provider } from 'oidc-provider';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { Transact } from '../core/transact.ts';
import type { ReadStanding } from './accounts.ts';
import { activeCompanies, actedFor, settledIn, standingFor, type ActingChoiceStore } from './acting.ts';
import type { Catalogue } from './catalogue.ts';
import { companyName, companyOptions, type CompanyOption } from './company-options.ts';
import { consentRows, type ConsentRow } from './consent-rows.ts';
import { recordConsent, type ConsentStores } from './consents.ts';
import { extend, type Grant } from './grants.ts';
import {
  accountOf,
  asksFor,
  describeClient,
  originOf,
  text,
  type Interaction,
  type InteractionClient,
} from './interaction-request.ts';
import type { LoadSubject } from './subject.ts';
import type { WebContext } from './web-context.ts';

export type InteractionView = {
  readonly uid: string;
  readonly prompt: 'login' | 'company' | 'consent' | 'verification';
  /** The app asked for registration (OpenID Connect Prompt Create 1.0). */
  readonly create: boolean;
  readonly client: InteractionClient;
  readonly loginHint?: string;
  readonly uiLocales?: string;
  readonly accountId?: AccountId;
};

export type ConsentView = InteractionView & {
  readonly rows: readonly ConsentRow[];
  readonly origin: string;
  /** The name of the company the person acts for at the app, where it matters. */
  readonly company: string | undefined;
};

export type CompanyView = InteractionView & {
  readonly options: readonly CompanyOption[];
  /** The credit code to choose beforehand. */
  readonly selected: string | undefined;
  /** The credit code that the app asked for and the person may not act for. */
  readonly refused: string | undefined;
  /** The name of the company they acted for at the app until now, and no longer may. */
  readonly left: string | undefined;
};

export type Interactions = {
  details(ctx: WebContext): Promise<InteractionView>;
  /** The companies the person may act for at the app. */
  companyRequest(ctx: WebContext): Promise<CompanyView>;
  /** Goes on for the company with this credit code; false when the person does not act for it. */
  chooseCompany(ctx: WebContext, creditCode: string): Promise<boolean>;
  /** What the app would get, with today's values. */
  consentRequest(ctx: WebContext): Promise<ConsentView>;
  /** The app behind an interaction, for a page that does not get the interaction's cookie; only for its own account. */
  peek(uid: string, accountId: AccountId): Promise<InteractionView | undefined>;
  signIn(
    ctx: WebContext,
    login: { readonly accountId: AccountId; readonly amr: readonly string[] },
  ): Promise<void>;
  grant(ctx: WebContext): Promise<void>;
  continueAfterVerification(ctx: WebContext): Promise<void>;
  abort(ctx: WebContext): Promise<void>;
};

export type InteractionDependencies = {
  readonly provider: () => Provider;
  readonly transact: Transact<ConsentStores>;
  readonly actingChoices: Pick<ActingChoiceStore, 'last'>;
  readonly catalogue: Catalogue;
  readonly readStanding: ReadStanding;
  readonly loadSubject: LoadSubject;
  readonly clock: Clock;
};

/** Authorization requests that wait for the person, as the pages see them. */
export function createInteractions(dependencies: InteractionDependencies): Interactions {
  const { provider, transact, actingChoices, catalogue, readStanding, loadSubject, clock } = dependencies;

  const load = async (ctx: WebContext): Promise<Interaction> => {
    let interaction: Interaction;
    try {
      interaction = await provider().interactionDetails(ctx.req, ctx.res);
    } catch (cause) {
      if (cause instanceof errors.SessionNotFound) throw new AppError('gone', { cause });
      throw cause;
    }
    const asked = ctx.params?.['uid'];
    if (asked !== undefined && asked !== interaction.uid) throw new AppError('gone');
    ctx.state.offerLocales?.(text(interaction.params['ui_locales']));
    const target = originOf(interaction.params['redirect_uri']);
    if (target !== undefined) ctx.state.allowFormTargets?.([target]);
    return interaction;
  };

  const finish = async (ctx: WebContext, result: Record<string, unknown>): Promise<void> => {
    const returnTo = await provider().interactionResult(ctx.req, ctx.res, result, {
      mergeWithLastSubmission: !('error' in result),
    });
    ctx.status = 303;
    ctx.redirect(returnTo);
  };

  const view = async (interaction: Interaction): Promise<InteractionView> => {
    const { uid, prompt, params, session } = interaction;
    const loginHint = text(params['login_hint']);
    const uiLocales = text(params['ui_locales']);
    return {
      uid,
      prompt: promptOf(prompt.name),
      create: prompt.name === 'create',
      client: await describeClient(provider(), text(params['client_id']) ?? ''),
      ...(loginHint === undefined ? {} : { loginHint }),
      ...(uiLocales === undefined ? {} : { uiLocales }),
      ...(session?.accountId ? { accountId: session.accountId as AccountId } : {}),
    };
  };

  const expect = (interaction: Interaction, prompt: InteractionView['prompt']): void => {
    if (promptOf(interaction.prompt.name) !== prompt) throw new AppError('conflict');
  };

  const grantOf = async ({ grantId }: Interaction): Promise<Grant | undefined> =>
    grantId ? provider().Grant.find(grantId) : undefined;

  /** The company the rest of the request is for, and the person as they are when acting for it. */
  const acting = async (interaction: Interaction) => {
    const accountId = accountOf(interaction);
    const standing = await readStanding(accountId);
    if (!standing) throw new AppError('gone');
    const grant = await grantOf(interaction);
    const companyId = settledIn(interaction.prompt.details) ?? actedFor(grant);
    const { facts } = await loadSubject(accountId, standing, new Set(['facts']));
    return { accountId, companyId, standing, facts, grant };
  };

  return {
    details: async (ctx) => view(await load(ctx)),
    async consentRequest(ctx) {
      const interaction = await load(ctx);
      expect(interaction, 'consent');
      const { accountId, companyId, facts, ...account } = await acting(interaction);
      const standing = standingFor(companyId, account.standing);
      const asked = await asksFor(interaction, catalogue, provider());
      return {
        ...(await view(interaction)),
        origin: originOf(interaction.params['redirect_uri']) ?? '',
        company: companyName(facts, companyId),
        rows: await consentRows(asked, { accountId, standing, loadSubject, catalogue, now: clock.now() }),
      };
    },
    async companyRequest(ctx) {
      const interaction = await load(ctx);
      expect(interaction, 'company');
      const { accountId, companyId, standing, facts } = await acting(interaction);
      const seen = await view(interaction);
      const options = companyOptions(standing, facts);
      const last = companyId ?? (await actingChoices.last(accountId, seen.client.id));
      const left = options.some(({ id }) => id === companyId) ? undefined : companyName(facts, companyId);
      return {
        ...seen,
        options,
        selected: (options.find(({ id }) => id === last) ?? (options.length === 1 ? options[0] : undefined))
          ?.creditCode,
        refused: text(interaction.params['company']),
        left,
      };
    },
    async chooseCompany(ctx, creditCode) {
      const interaction = await load(ctx);
      expect(interaction, 'company');
      const { accountId, standing } = await acting(interaction);
      const chosen = activeCompanies(standing).find(({ companyCode }) => companyCode === creditCode);
      if (!chosen) return false;
      const { companyId } = chosen;
      const clientId = text(interaction.params['client_id']) ?? '';
      await transact((stores) => stores.actingChoices.remember(accountId, clientId, companyId, clock.now()));
      await finish(ctx, { company: { companyId } });
      return true;
    },
    async peek(uid, accountId) {
      const interaction = await provider().Interaction.find(uid);
      return interaction?.session?.accountId === accountId ? view(interaction) : undefined;
    },
    async signIn(ctx, { accountId, amr }) {
      const interaction = await load(ctx);
      expect(interaction, 'login');
      const login = { accountId, amr: [...amr], remember: true };
      await finish(ctx, interaction.prompt.name === 'create' ? { login, create: {} } : { login });
    },
    async grant(ctx) {
      const interaction = await load(ctx);
      expect(interaction, 'consent');
      const accountId = accountOf(interaction);
      const clientId = text(interaction.params['client_id']) ?? '';
      const asked = await asksFor(interaction, catalogue, provider());
      await transact((stores) => recordConsent(stores, { ...asked, accountId, clientId }, clock.now()));
      const { Grant } = provider();
      const grant = (await grantOf(interaction)) ?? new Grant({ accountId, clientId });
      extend(grant, asked);
      await finish(ctx, { consent: { grantId: await grant.save() } });
    },
    async continueAfterVerification(ctx) {
      expect(await load(ctx), 'verification');
      await finish(ctx, { verification: { seen: true } });
    },
    async abort(ctx) {
      await load(ctx);
      await finish(ctx, { error: 'access_denied', error_description: 'the person declined' });
    },
  };
}

function promptOf(name: string): InteractionView['prompt'] {
  if (name === 'create') return 'login';
  return name === 'select_account' ? 'company' : (name as InteractionView['prompt']);
}
