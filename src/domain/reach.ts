/** Whether anybody's phone can open a link of this origin: https, and neither this machine nor a network of one's own. */
export function isWorldwide(origin: string): boolean {
  const { protocol, hostname } = URL.parse(origin) ?? { protocol: '', hostname: '' };
  if (protocol !== 'https:' || !hostname.includes('.')) return false;
  return !OWN_NAMES.test(hostname) && !OWN_NUMBERS.test(hostname);
}

const OWN_NAMES = /\.(localhost|local|internal|home\.arpa|lan|test)\.?$/i;
const OWN_NUMBERS = /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
