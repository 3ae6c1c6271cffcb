import { seconds } from '../core/clock.ts';

export type Reply =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  /** The source could not be asked, or what came back is no answer. */
  | { readonly ok: false; readonly code: string; readonly retryable: boolean };

export type Posting = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds for the whole exchange; 10 seconds where nothing is said. */
  readonly timeout?: number | undefined;
};

/** Bytes; the longest answer that any of the sources documents is below 1 KiB. */
const longestAnswer = 64 * 1024;

/**
 * Posts once and reads a JSON answer. Never throws, never repeats, logs nothing, and follows no redirect: what is asked
 * goes to the configured address and nowhere else.
 */
export async function exchange(url: string, posting: Posting): Promise<Reply> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: posting.headers,
      body: posting.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(posting.timeout ?? seconds(10)),
    });
    return await read(response);
  } catch (error) {
    return { ok: false, code: failureOf(error), retryable: true };
  }
}

async function read(response: Response): Promise<Reply> {
  const { status } = response;
  if (status >= 300 && (status < 400 || status === 429 || status >= 500)) {
    await response.body?.cancel();
    return { ok: false, code: `http_${status}`, retryable: status >= 400 };
  }
  const text = await readText(response);
  if (text === undefined) return { ok: false, code: 'answer_too_long', retryable: true };
  const body = parse(text);
  if (body !== undefined) return { ok: true, status, body };
  return { ok: false, code: status < 300 ? 'not_json' : `http_${status}`, retryable: status < 300 };
}

/** Undefined above the longest answer; counted after decompression, and reading stops there. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > longestAnswer) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `timeout`, the system's name of the failure such as `ECONNREFUSED`, or `unreachable`. */
function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreachable';
  if (error.name === 'TimeoutError') return 'timeout';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'unreachable';
}
