import type { IncomingMessage, ServerResponse } from 'node:http';

/** What this feature needs of the context of a page; the one in src/http fits. */
export type WebContext = {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly params?: Readonly<Record<string, string>>;
  status: number;
  redirect(url: string): void;
  readonly state: {
    offerLocales?(uiLocales: string | undefined): void;
    allowFormTargets?(origins: readonly string[]): void;
  };
};

/** One whose cookies can be ended. */
export type CookieContext = WebContext & {
  readonly cookies: {
    set(
      name: string,
      value: null,
      options: {
        readonly path: string;
        readonly secure: boolean;
        readonly httpOnly: boolean;
        readonly signed: boolean;
      },
    ): unknown;
  };
};
