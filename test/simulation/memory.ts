// The third book: what buyers, sellers and a passer-by would remember, in maps and lists. Nothing of the market's code is in it, and
// nothing of the bank's; it is told what people did and what they were answered.

export type Wish = {
  /** What was typed or what the units cost; null: all that was left. */
  readonly amount: number | null;
  readonly units: number;
  readonly restock: boolean;
};
type Payment = { readonly amount: number; readonly at: number };

export type Bill = {
  readonly orderId: string;
  readonly buyer: string;
  readonly payToken: string;
  goods: readonly { readonly variantId: string; readonly quantity: number }[];
  /** Pages of the bank that its pay link led to. */
  readonly pages: string[];
  /** Payments that will succeed, as the buyer made them; `at` is when. */
  readonly payments: Payment[];
  readonly wishes: Wish[];
  /** Somebody called it off and was told that this is so. */
  cancelled: boolean;
  /** The seller said that cash was received. */
  cash: boolean;
  /** Something came in its name that was not what had been asked for: a person decides about it. */
  tainted: boolean;
};

/** What is on sale, as its seller typed it. */
type OnSale = {
  readonly variantId: string;
  readonly productId: string;
  readonly price: number;
  readonly kept: boolean;
  readonly parcel: { readonly fee: number; readonly freeFrom: number } | null;
  readonly codes: readonly string[];
};

export type Memory = ReturnType<typeof createMemory>;

export function createMemory(market: { readonly goods: readonly OnSale[] }) {
  const bills = new Map<string, Bill>();
  const orderOfPage = new Map<string, string>();
  /** Every price that a seller ever typed. */
  const prices = new Map(market.goods.map((one) => [one.variantId, new Set([one.price])]));
  const typedCodes = new Set(market.goods.flatMap((one) => one.codes));
  /** Who was shown a code first. */
  const seenCodes = new Map<string, Set<string>>();
  const onSale = new Map(market.goods.map((one) => [one.variantId, one]));

  return {
    bills: (): readonly Bill[] => [...bills.values()],
    bill: (orderId: string) => bills.get(orderId),
    placed(facts: Pick<Bill, 'orderId' | 'buyer' | 'payToken' | 'goods'>) {
      if (bills.has(facts.orderId)) return;
      const blank = { pages: [], payments: [], wishes: [], cancelled: false, cash: false, tainted: false };
      bills.set(facts.orderId, { ...facts, ...blank });
    },
    sawPage(orderId: string, page: string) {
      orderOfPage.set(page, orderId);
      const bill = bills.get(orderId);
      if (bill && !bill.pages.includes(page)) bill.pages.push(page);
    },
    pages: (): readonly string[] => [...orderOfPage.keys()],
    /** The buyer paid there, and it will succeed then. */
    paid(page: string, payment: Payment) {
      bills.get(orderOfPage.get(page) ?? '')?.payments.push(payment);
    },
    taint(orderId: string) {
      const bill = bills.get(orderId);
      if (bill) bill.tainted = true;
    },
    taintPage(page: string) {
      this.taint(orderOfPage.get(page) ?? '');
    },
    typedPrice(variantId: string, price: number) {
      prices.get(variantId)?.add(price);
    },
    typedCodes(codes: readonly string[]) {
      for (const code of codes) typedCodes.add(code);
    },
    hasCodes: (orderId: string): boolean =>
      bills.get(orderId)?.goods.some(({ variantId }) => (onSale.get(variantId)?.codes.length ?? 0) > 0) ?? false,
    sawCodes(orderId: string, codes: readonly string[]) {
      for (const code of codes) seenCodes.set(code, (seenCodes.get(code) ?? new Set()).add(orderId));
    },
    /** Codes that were shown to more than one order, or that no seller ever typed. */
    strangeCodes: (): string[] =>
      [...seenCodes].flatMap(([code, orders]) => (orders.size > 1 || !typedCodes.has(code) ? [code] : [])),
    isKept: (variantId: string) => onSale.get(variantId)?.kept ?? false,
    /** Whether units of it at one of its prices may cost so much. */
    mayCost: (variantId: string, quantity: number, total: number): boolean =>
      [...(prices.get(variantId) ?? [])].some((price) => price * quantity === total),
    /** What sending costs with goods of that worth: the dearest fee, unless every fee is waived from there on. */
    feeFor(variantIds: readonly string[], worth: number): number {
      const parcels = variantIds.flatMap((id) => onSale.get(id)?.parcel ?? []);
      if (parcels.length === 0) return 0;
      const waivedFrom = Math.max(...parcels.map((one) => one.freeFrom));
      return worth >= waivedFrom ? 0 : Math.max(...parcels.map((one) => one.fee));
    },
  };
}
