/** As much of a browser as redirects and cookies need; scripts and pictures are for the real one. */
export type CookieBrowser = {
  /** One request, without following redirects. */
  send(url: string, init?: RequestInit): Promise<Response>;
  /** Follows redirects on the origin it starts from; answers the last response, or where it left to. */
  follow(url: string, init?: RequestInit): Promise<{ response: Response; url: URL; left: boolean }>;
};

type Cookie = { value: string; path: string };

export function createCookieBrowser(): CookieBrowser {
  const jar = new Map<string, Cookie>();

  const send: CookieBrowser['send'] = async (url, init = {}) => {
    const { pathname } = new URL(url);
    const headers = new Headers(init.headers);
    const sent = [...jar]
      .filter(([, { path }]) => path === '/' || pathname === path || pathname.startsWith(`${path}/`))
      .map(([key, { value }]) => `${key.split(';')[0]}=${value}`);
    if (sent.length > 0) headers.set('cookie', sent.join('; '));
    if (!headers.has('accept')) headers.set('accept', 'text/html');
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(line);
    return response;
  };

  const keep = (line: string): void => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const attribute = (name: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const path = attribute('path') ?? '/';
    const key = `${pair.slice(0, at)};${path}`;
    const expires = attribute('expires');
    const gone = expires !== undefined && Date.parse(expires) < Date.now();
    if (gone || attribute('max-age') === '0') jar.delete(key);
    else jar.set(key, { value: pair.slice(at + 1), path });
  };

  return {
    send,
    async follow(url, init) {
      const { origin } = new URL(url);
      let response = await send(url, init);
      let at = new URL(url);
      for (let hops = 0; response.status >= 300 && response.status < 400; hops++) {
        if (hops > 20) throw new Error(`redirects without end at ${at.href}`);
        at = new URL(response.headers.get('location') ?? '', at);
        if (at.origin !== origin) return { response, url: at, left: true };
        if (/^\/interaction\/[\w-]+\/phone$|^\/verify$/.test(at.pathname)) break;
        response = await send(at.href);
      }
      return { response, url: at, left: false };
    },
  };
}

/** The value of a hidden field. */
export function hiddenField(html: string, name: string): string {
  const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
  if (value === undefined) throw new Error(`the page has no field ${name}`);
  return value;
}
