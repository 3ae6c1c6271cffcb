import type { AccountId } from '../core/ids.ts';
import type { Context } from './context.ts';

/** An authorization request that waits for the person. */
export type InteractionView = {
  readonly uid: string;
  readonly prompt: 'login' | 'consent' | 'verification';
  /** The app asked for registration (`prompt=create`, OpenID Connect Prompt Create 1.0). */
  readonly create: boolean;
  readonly client: InteractionClient;
  readonly loginHint?: string;
  readonly uiLocales?: string;
  /** Who is signed in, once the login prompt is done. */
  readonly accountId?: AccountId;
};

export type InteractionClient = {
  readonly id: string;
  readonly name: string;
  readonly uri?: string;
  readonly logoUri?: string;
  readonly firstParty: boolean;
};

export type Interactions = {
  /** Throws `gone` when the request expired or belongs to another browser. */
  details(ctx: Context): Promise<InteractionView>;
  /** Finishes the login prompt and leads on. */
  signIn(
    ctx: Context,
    login: { readonly accountId: AccountId; readonly amr: readonly string[] },
  ): Promise<void>;
  /** Back to the app with whatever status the person has now. */
  continueAfterVerification(ctx: Context): Promise<void>;
  /** Back to the app with `access_denied`. */
  abort(ctx: Context): Promise<void>;
};
