/** Posts to receivers; it never throws, follows no redirect and reads little of what comes back. */
export type SignalSender = {
  post(request: SignalRequest): Promise<SignalAnswer>;
  close(): void;
};

export type SignalRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
};

export type SignalAnswer =
  | { readonly answered: true; readonly status: number; readonly body: string }
  /** `timeout`, `private_address`, `ECONNREFUSED` and the like. */
  | { readonly answered: false; readonly code: string };
