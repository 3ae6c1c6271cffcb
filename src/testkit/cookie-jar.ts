import type { Clock, Instant } from '../core/clock.ts';

type Cookie = { value: string; path: string; expires: Instant };

/** Cookies as a browser keeps them: per host whatever the port, by path, until they expire. */
export type CookieJar = {
  /** The Cookie header for an address; empty where there is none to send. */
  header(url: URL): string;
  store(url: URL, setCookie: readonly string[]): void;
  get(host: string, name: string): string | undefined;
  clear(): void;
};

export function createCookieJar(clock: Clock): CookieJar {
  const hosts = new Map<string, Map<string, Cookie>>();
  const live = ({ expires }: Cookie) => expires > clock.now();
  return {
    header({ hostname, pathname }) {
      const cookies = [...(hosts.get(hostname) ?? [])];
      return cookies
        .filter(([, cookie]) => live(cookie) && covers(cookie.path, pathname))
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; ');
    },
    store({ hostname, pathname }, lines) {
      const cookies = hosts.get(hostname) ?? new Map<string, Cookie>();
      hosts.set(hostname, cookies);
      for (const line of lines) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
        const [name = '', ...value] = pair.split('=');
        cookies.set(name, {
          value: value.join('='),
          path: attribute(attributes, 'path') ?? pathname.replace(/\/[^/]*$/, '/'),
          expires: expiryOf(attributes, clock.now()),
        });
      }
    },
    get(host, name) {
      const cookie = hosts.get(host)?.get(name);
      return cookie && live(cookie) ? cookie.value : undefined;
    },
    clear: () => hosts.clear(),
  };
}

function covers(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** RFC 6265: Max-Age wins over Expires; without either the cookie lives as long as the jar. */
function expiryOf(attributes: readonly string[], now: Instant): Instant {
  const age = attribute(attributes, 'max-age');
  if (age !== undefined) return now + Number(age) * 1000;
  const expires = attribute(attributes, 'expires');
  return expires === undefined ? Infinity : Date.parse(expires);
}

function attribute(attributes: readonly string[], name: string): string | undefined {
  const found = attributes.find((one) => one.toLowerCase().startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
