import type { Provider } from 'oidc-provider';

/** What an app may do with an access token that it got for itself (RFC 6749 section 4.4). */
export type MachineToken = { readonly clientId: string; readonly scopes: ReadonlySet<string> };

/**
 * Undefined unless the token was issued to an app for itself, for exactly this resource, is in date, and the app is still
 * there. Tokens of people are another kind: none of theirs is found here.
 */
export async function readMachineToken(
  provider: Provider,
  token: string,
  resource: string,
): Promise<MachineToken | undefined> {
  const found = await provider.ClientCredentials.find(token);
  if (!found || found.isExpired || found.aud !== resource || found.clientId === undefined) return undefined;
  if (!(await provider.Client.find(found.clientId))) return undefined;
  return { clientId: found.clientId, scopes: new Set(found.scope?.split(' ')) };
}
