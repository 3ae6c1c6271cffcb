import { errors, type Provider } from 'oidc-provider';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { Transact } from '../core/transact.ts';
import type { ReadStanding } from './accounts.ts';
import type { Catalogue } from './catalogue.ts';
import { isKnownClaim } from './claims.ts';
import { consentRows, type ConsentRow } from './consent-rows.ts';
import { recordConsent, type ConsentStores, type Grantable } from './consents.ts';
import { extend, ownClientId } from './grants.ts';
import type { LoadSubject } from './subject.ts';
import type { WebContext } from './web-context.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

export type InteractionView = {
  readonly uid: string;
  readonly prompt: 'login' | 'consent' | 'verification';
  /** The app asked for registration (OpenID Connect Prompt Create 1.0). */
  readonly create: boolean;
  readonly client: InteractionClient;
  readonly loginHint?: string;
  readonly uiLocales?: string;
  readonly accountId?: AccountId;
};

export type InteractionClient = {
  readonly id: string;
  readonly name: string;
  readonly uri?: string;
  readonly logoUri?: string;
  readonly firstParty: boolean;
};

export type ConsentView = InteractionView & { readonly rows: readonly ConsentRow[]; readonly origin: string };

export type Interactions = {
  details(ctx: WebContext): Promise<InteractionView>;
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
  readonly catalogue: Catalogue;
  readonly readStanding: ReadStanding;
  readonly loadSubject: LoadSubject;
  readonly clock: Clock;
};

/** Authorization requests that wait for the person, as the pages see them. */
export function createInteractions(dependencies: InteractionDependencies): Interactions {
  const { provider, transact, catalogue, readStanding, loadSubject, clock } = dependencies;

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
      prompt: prompt.name === 'create' ? 'login' : (prompt.name as InteractionView['prompt']),
      create: prompt.name === 'create',
      client: await describeClient(provider(), text(params['client_id']) ?? ''),
      ...(loginHint === undefined ? {} : { loginHint }),
      ...(uiLocales === undefined ? {} : { uiLocales }),
      ...(session?.accountId ? { accountId: session.accountId as AccountId } : {}),
    };
  };

  const expect = (interaction: Interaction, ...prompts: string[]): void => {
    if (!prompts.includes(interaction.prompt.name)) throw new AppError('conflict');
  };

  return {
    details: async (ctx) => view(await load(ctx)),
    async consentRequest(ctx) {
      const interaction = await load(ctx);
      expect(interaction, 'consent');
      const accountId = accountOf(interaction);
      const standing = await readStanding(accountId);
      if (!standing) throw new AppError('gone');
      const asked = await asksFor(interaction, catalogue, provider());
      return {
        ...(await view(interaction)),
        origin: originOf(interaction.params['redirect_uri']) ?? '',
        rows: await consentRows(asked, { accountId, standing, loadSubject, catalogue, now: clock.now() }),
      };
    },
    async peek(uid, accountId) {
      const interaction = await provider().Interaction.find(uid);
      return interaction?.session?.accountId === accountId ? view(interaction) : undefined;
    },
    async signIn(ctx, { accountId, amr }) {
      const interaction = await load(ctx);
      expect(interaction, 'login', 'create');
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
      const existing = interaction.grantId ? await Grant.find(interaction.grantId) : undefined;
      const grant = existing ?? new Grant({ accountId, clientId });
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

async function describeClient(provider: Provider, clientId: string): Promise<InteractionClient> {
  const client = await provider.Client.find(clientId);
  if (!client) throw new AppError('gone');
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    ...(client.clientUri ? { uri: client.clientUri } : {}),
    ...(client.logoUri ? { logoUri: client.logoUri } : {}),
    firstParty: client.clientId === ownClientId || client['first_party'] === true,
  };
}

/** What the request wants of the person, computed from its stored parameters as the provider computes it. */
async function asksFor(
  interaction: Interaction,
  catalogue: Catalogue,
  provider: Provider,
): Promise<Grantable> {
  const { params } = interaction;
  const client = await provider.Client.find(text(params['client_id']) ?? '');
  const limit = client?.scope === undefined ? undefined : new Set(client.scope.split(' '));
  const wanted = (text(params['scope']) ?? '')
    .split(' ')
    .filter((scope) => scope !== '' && (limit === undefined || limit.has(scope)));
  const named = params['resource'];
  const resources = (Array.isArray(named) ? named : [named]).filter((one) => typeof one === 'string');
  return {
    scopes: wanted.filter((scope) => catalogue.row(scope) !== undefined),
    claims: claimNames(text(params['claims'])).filter(isKnownClaim),
    resources: Object.fromEntries(
      resources.map((resource) => [
        resource,
        wanted.filter((scope) => catalogue.row(scope, resource) !== undefined),
      ]),
    ),
  };
}

function claimNames(parameter: string | undefined): string[] {
  if (parameter === undefined) return [];
  const { userinfo, id_token } = JSON.parse(parameter) as Record<string, Record<string, unknown> | undefined>;
  return [...new Set([...Object.keys(userinfo ?? {}), ...Object.keys(id_token ?? {})])];
}

function accountOf(interaction: Interaction): AccountId {
  if (!interaction.session?.accountId) throw new AppError('gone');
  return interaction.session.accountId as AccountId;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function originOf(address: unknown): string | undefined {
  return typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : undefined;
}
