import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { makeCertificate, type TestCertificate } from './certificate.ts';

export type TakenMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** Whether it came over TLS, and who was signed in. */
  readonly secure: boolean;
  readonly user: string | undefined;
  /** Name in lower case → value, encoded words decoded. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
  readonly raw: string;
};

/** What is answered instead of `250`: a code and a text, or nothing at all. `takes-and-drops`: kept, then silence. */
export type SmtpTrouble = { code: number; text: string } | 'drop' | 'takes-and-drops' | 'hang';

export type TestSmtpServer = {
  readonly port: number;
  readonly certificate: TestCertificate;
  readonly taken: TakenMail[];
  /** Each phase can refuse; what is not named goes well. */
  trouble: { connect?: SmtpTrouble; from?: SmtpTrouble; to?: SmtpTrouble; data?: SmtpTrouble };
  close(): Promise<void>;
};

/**
 * A mail server that checks what a server checks: STARTTLS before a password, the password, that sender and recipient
 * of the envelope are addresses it handles.
 */
export async function startSmtpServer(
  options: { secure?: boolean; tls?: boolean; auth?: boolean; certificate?: TestCertificate } = {},
): Promise<TestSmtpServer> {
  const { secure = false, tls = true, auth = true, certificate = makeCertificate('localhost') } = options;
  const taken: TakenMail[] = [];
  const state: Pick<TestSmtpServer, 'trouble'> = { trouble: {} };
  const sockets = () => [...server.connections].map(({ _socket }) => _socket);

  const meet = (trouble: SmtpTrouble | undefined, done: (error?: Error | null) => void): void => {
    if (trouble === undefined) return done();
    if (trouble === 'hang') return;
    if (trouble === 'drop' || trouble === 'takes-and-drops') return sockets().forEach((one) => one.destroy());
    done(Object.assign(new Error(trouble.text), { responseCode: trouble.code }));
  };

  const server = new SMTPServer({
    secure,
    key: certificate.key,
    cert: certificate.cert,
    authOptional: !auth,
    logger: false,
    disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])],
    allowInsecureAuth: !tls && !secure,
    closeTimeout: 100,
    onConnect: (_session, done) => meet(state.trouble.connect, done),
    onAuth({ username, password }, _session, done) {
      if (username === 'shiming' && password === 'p@ss/wörd') return done(null, { user: username });
      done(Object.assign(new Error('5.7.8 authentication failed'), { responseCode: 535 }));
    },
    onMailFrom({ address }, _session, done) {
      if (address.endsWith('@shiming.example')) return meet(state.trouble.from, done);
      done(Object.assign(new Error('5.7.1 not your address'), { responseCode: 553 }));
    },
    onRcptTo: (_address, _session, done) => meet(state.trouble.to, done),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { data } = state.trouble;
        const keeps = data === undefined || data === 'takes-and-drops';
        if (keeps) taken.push(read(Buffer.concat(chunks).toString('utf8'), session));
        meet(data, (error) => (error ? done(error) : done(null, '2.0.0 queued as TEST1')));
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    port: (server.server.address() as AddressInfo).port,
    certificate,
    taken,
    close: () =>
      new Promise<void>((resolve) => {
        sockets().forEach((one) => one.destroy());
        server.close(() => resolve());
      }),
  });
}

function read(raw: string, session: SMTPServerSession): TakenMail {
  const { mailFrom, rcptTo } = session.envelope;
  const headers = headersOf(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = boundary === undefined ? [raw] : raw.split(`--${boundary}`).map((part) => part.trimStart());
  const body = (type: string) => {
    const part = parts.find((one) => headersOf(one).get('content-type')?.startsWith(type)) ?? '';
    return decode(part.slice(part.indexOf('\r\n\r\n') + 4), headersOf(part).get('content-transfer-encoding'));
  };
  return {
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map(({ address }) => address),
    secure: session.secure,
    user: typeof session.user === 'string' ? session.user : undefined,
    headers,
    text: body('text/plain'),
    html: body('text/html'),
    raw,
  };
}

function headersOf(part: string): Map<string, string> {
  const lines =
    part
      .split('\r\n\r\n', 1)[0]
      ?.replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n') ?? [];
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), words(line.slice(colon + 1).trim())];
    }),
  );
}

/** RFC 2047. */
function words(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_whole, kind: string, text: string) =>
      /b/i.test(kind) ? Buffer.from(text, 'base64').toString() : decodeQuoted(text.replaceAll('_', ' ')),
    );
}

function decode(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding === 'quoted-printable') return decodeQuoted(body.replace(/=\r\n/g, ''));
  return body;
}

function decodeQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_whole, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
