/** The port through which the pages of a sign-in take part in an authorization request. */
export type { InteractionClient, Interactions, InteractionView } from '../oidc/index.ts';
