import type { Provider } from 'oidc-provider';
import { AppError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { Catalogue } from './catalogue.ts';
import { isKnownClaim } from './claims.ts';
import type { Grantable } from './consents.ts';
import { ownClientId } from './grants.ts';

export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

export type InteractionClient = {
  readonly id: string;
  readonly name: string;
  readonly uri?: string;
  readonly logoUri?: string;
  readonly firstParty: boolean;
};

export async function describeClient(provider: Provider, clientId: string): Promise<InteractionClient> {
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
export async function asksFor(
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

export function accountOf(interaction: Interaction): AccountId {
  if (!interaction.session?.accountId) throw new AppError('gone');
  return interaction.session.accountId as AccountId;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function originOf(address: unknown): string | undefined {
  return typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : undefined;
}
