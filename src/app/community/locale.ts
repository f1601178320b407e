/** Whether this is a well-formed language tag. Which languages have texts is the affair of i18n, which falls back. */
export function isLocale(tag: string): boolean {
  if (tag.length > 35) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
