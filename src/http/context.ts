import type { ParameterizedContext, Middleware as KoaMiddleware } from 'koa';
import type { AccountId } from '../core/ids.ts';
import type { Instant } from '../core/clock.ts';
import type { StaffVisitor } from '../review/index.ts';
import type { CompanyPlace } from './company-access.ts';
import type { Language, Translate } from './locale.ts';

/** What the middleware stack puts beside every request. */
export type State = {
  requestId: string;
  lang: Language;
  t: Translate;
  /** Applies an app's `ui_locales` where neither the person's choice nor the browser named a language we speak. */
  offerLocales(uiLocales: string | undefined): void;
  /** The value of the hidden field `_csrf`. */
  csrfToken: string;
  /** The client's address, read behind the configured number of proxies. */
  clientAddress: string;
  /** Renders `views/pages/<name>.eta` as the answer. */
  render(name: string, data?: Readonly<Record<string, unknown>>, status?: number): void;
  /** Further origins that a form of this page may lead to: an app's redirect address after consent. */
  allowFormTargets(origins: readonly string[]): void;
  /** Set by `requireVisitor`. */
  visitor?: Visitor;
  /** Set by the gate of the company pages. */
  place?: CompanyPlace;
  /** Set by `requireStaff`. */
  staff?: StaffVisitor;
};

export type Context = ParameterizedContext<State>;
export type Middleware = KoaMiddleware<State>;

/** Who is signed in to this browser. */
export type Visitor = {
  readonly accountId: AccountId;
  readonly authenticatedAt: Instant;
  /** Authentication methods, RFC 8176. */
  readonly amr: readonly string[];
  /** Names this session among those of the account. */
  readonly session: string;
};
