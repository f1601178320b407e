// The little of a browser that the flows need: cookies, where a request comes from, and the pay page.
export type Browser = {
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: URLSearchParams | string, headers?: Record<string, string>): Promise<Response>;
  /** Posts JSON and gives the answer's, whatever its status. */
  json(path: string, body: object): Promise<unknown>;
  /** Name and value of every cookie it holds. */
  cookies(): readonly string[];
};

type Cookie = { readonly name: string; readonly value: string; readonly path: string };

/** Redirects are not followed: tests look at them. */
export function createBrowser(url: string): Browser {
  let jar: Cookie[] = [];
  const keep = (line: string) => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const attribute = (name: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), path: attribute('path') ?? '/' };
    jar = jar.filter((one) => one.name !== cookie.name || one.path !== cookie.path);
    if (attribute('max-age') !== '0' && cookie.value !== '') jar.push(cookie);
  };
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const target = new URL(path, url);
    const cookie = jar
      .filter((one) => target.pathname === one.path || target.pathname.startsWith(one.path.replace(/\/?$/, '/')))
      .map((one) => `${one.name}=${one.value}`)
      .join('; ');
    const headers = {
      'accept-language': 'en',
      ...(cookie === '' ? {} : { cookie }),
      ...(init.headers as Record<string, string>),
    };
    const answer = await fetch(target, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) keep(line);
    return answer;
  };
  const own = { 'sec-fetch-site': 'same-origin' };
  return {
    url,
    get: (path, headers = {}) => send(path, { headers: { 'sec-fetch-site': 'none', ...headers } }),
    post: (path, body, headers = {}) => send(path, { method: 'POST', body, headers: { ...own, ...headers } }),
    json: async (path, body) => {
      const answer = await send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { ...own, 'content-type': 'application/json' },
      });
      return answer.json();
    },
    cookies: () => jar.map(({ name, value }) => `${name}=${value}`),
  };
}

/** A pay page as it was answered. */
export class BillPage {
  readonly browser: Browser;
  readonly url: string;
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;

  constructor(browser: Browser, url: string, answer: { status: number; html: string; headers: Headers }) {
    this.browser = browser;
    this.url = url;
    this.status = answer.status;
    this.html = answer.html;
    this.headers = answer.headers;
  }

  static async open(browser: Browser, url: string): Promise<BillPage> {
    const answer = await browser.get(url);
    return new BillPage(browser, url, { status: answer.status, html: await answer.text(), headers: answer.headers });
  }

  /** Without the origin. */
  get path(): string {
    return new URL(this.url, this.browser.url).pathname;
  }

  /** What a person reads. */
  get text(): string {
    return this.html
      .replace(/<head>[\s\S]*?<\/head>/, '')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll('&#39;', "'")
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
      .replaceAll(/[\s\u2066-\u2069]+/g, ' ')
      .trim();
  }

  /** Goes on, as the page's script does: where it is led to, or what it is told. */
  async goOn(fields: Record<string, string> = {}): Promise<{ ok: boolean; url?: string; text?: string }> {
    const answer = await this.browser.post(this.url, new URLSearchParams(fields), { accept: 'application/json' });
    return (await answer.json()) as { ok: boolean; url?: string; text?: string };
  }

  /** The id of the channel's checkout that going on leads to. */
  async checkout(fields: Record<string, string> = {}): Promise<string> {
    const led = await this.goOn(fields);
    const id = /\/checkout\/([^/?]+)/.exec(led.url ?? '')?.[1];
    if (id === undefined) throw new Error(`The pay link leads to no checkout: ${JSON.stringify(led)}`);
    return id;
  }

  /** The page on which a buyer comes back. */
  back(): Promise<BillPage> {
    return BillPage.open(this.browser, `${this.url}/return`);
  }
}
