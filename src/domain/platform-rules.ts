/** What a chat platform demands of whoever sells in it, as data. A platform that is not named demands nothing. */
type PlatformRules = {
  /** Digital goods may be paid in this currency only. */
  readonly digitalCurrency?: string;
  /** Whoever is here reaches us: our own pay link works, wherever we listen. */
  readonly isOurs?: true;
};

const RULES: Readonly<Record<string, PlatformRules>> = { telegram: { digitalCurrency: 'XTR' }, web: { isOurs: true } };

/** The one currency that digital goods may be paid in there; undefined where any will do. */
export const digitalCurrencyOf = (platform: string | undefined): string | undefined =>
  platform === undefined ? undefined : RULES[platform]?.digitalCurrency;

export const isOurOwn = (platform: string): boolean => RULES[platform]?.isOurs ?? false;
