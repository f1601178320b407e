/** The shapes that texts of the environment may have. Undefined: the text has none of them. */
import { isIP } from 'node:net';

/** Hops, or the addresses and ranges of our own proxies; false believes nobody. */
export type TrustProxy = false | number | readonly string[];

export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : undefined;
}

export function zoneOf(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

export function proxyOf(text: string): TrustProxy | undefined {
  if (text === 'none') return false;
  if (/^[1-9]$/.test(text)) return Number(text);
  const parts = text.split(',').map((part) => part.trim());
  const known = (part: string) => ['loopback', 'linklocal', 'uniquelocal'].includes(part) || isRange(part);
  return parts.every(known) ? parts : undefined;
}

function isRange(part: string): boolean {
  const [address = '', bits, ...rest] = part.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
