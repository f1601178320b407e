/**
 * Some channels pay whoever runs the market, who settles with the shop. A shop without an account of its own at a provider sells by
 * them as a matter of course; one that has an account only when it says so. Where all money is play money nothing is at stake.
 */
export function marketCollects(shop: {
  /** What its seller chose; null while nothing was chosen. */
  readonly choice: boolean | null;
  readonly hasOwnAccount: boolean;
  readonly testMoney: boolean;
}): boolean {
  return shop.choice ?? (shop.testMoney || !shop.hasOwnAccount);
}
