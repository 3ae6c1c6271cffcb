import type { IncomingMessage, ServerResponse } from 'node:http';

/** A page of ours as the answer to a request that oidc-provider handled. */
export type ProviderPage = {
  readonly name: 'oidc-error' | 'sign-out' | 'signed-out';
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** Origins a form of the page leads to in the end. */
  readonly formTargets?: readonly string[];
};

/** Renders the page with the stack that renders all others: language, headers, content policy, log. */
export type ShowPage = (request: IncomingMessage, response: ServerResponse, page: ProviderPage) => void;

/** Pages wait here until what the request wrote is committed. */
export type PendingPages = {
  set(request: IncomingMessage, page: ProviderPage): void;
  take(request: IncomingMessage): ProviderPage | undefined;
};

export function createPendingPages(): PendingPages {
  const pending = new WeakMap<IncomingMessage, ProviderPage>();
  return {
    set: (request, page) => void pending.set(request, page),
    take(request) {
      const page = pending.get(request);
      pending.delete(request);
      return page;
    },
  };
}
