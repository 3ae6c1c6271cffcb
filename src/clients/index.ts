/**
 * Relying apps: who may ask people to sign in, where they are sent back to, and how the app proves itself. Operators
 * register them with the command line; secrets are shown once and kept as digests.
 */
export {
  authMethods,
  digestSecret,
  grantTypes,
  type AuthMethod,
  type Client,
  type ClientMetadata,
  type GrantType,
} from './client.ts';
export {
  createClients,
  type ClientChange,
  type Clients,
  type NewClient,
  type ValidateClient,
} from './service.ts';
export type { ClientStore } from './store.ts';
