/** What a chat platform demands of whoever sells in it, as data. A platform that is not named demands nothing. */
type PlatformRules = {
  /** Digital goods may be paid in this currency only. */
  readonly digitalCurrency: string;
};

const RULES: Readonly<Record<string, PlatformRules>> = { telegram: { digitalCurrency: 'XTR' } };

/** The one currency that digital goods may be paid in there; undefined where any will do. */
export const digitalCurrencyOf = (platform: string | undefined): string | undefined =>
  platform === undefined ? undefined : RULES[platform]?.digitalCurrency;
