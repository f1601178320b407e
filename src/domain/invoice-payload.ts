/**
 * What an invoice of a chat platform carries back to us: which attempt, of which order, at which shop. All three are compared with
 * our own rows before anything happens, so that a payload that fits only in part pays nothing.
 */
export type InvoiceName = { readonly reference: string; readonly orderId: string; readonly shopId: string };

/** An invoice on a card names no order: whoever is about to pay it gets one at that moment. */
export type CardInvoiceName = { readonly invoiceId: string; readonly shopId: string };

const BYTES_MAX = 128;
const CARD = 'card';
const PART = /^[\w.-]{1,60}$/;

/** Throws RangeError when it would not fit an invoice: 1 to 128 bytes. */
export function invoicePayload({ reference, orderId, shopId }: InvoiceName): string {
  return named([reference, orderId, shopId], `attempt ${reference}`);
}

/** Throws RangeError when it would not fit an invoice. */
export const cardPayload = ({ invoiceId, shopId }: CardInvoiceName): string =>
  named([CARD, invoiceId, shopId], `card invoice ${invoiceId}`);

function named(parts: readonly string[], what: string): string {
  const payload = parts.join(':');
  if (!parts.every((part) => PART.test(part)) || payload.length > BYTES_MAX) {
    throw new RangeError(`The invoice of ${what} cannot be named in ${BYTES_MAX} bytes.`);
  }
  return payload;
}

/** Undefined for what no invoice of an order carries. */
export function readInvoicePayload(payload: string): InvoiceName | undefined {
  const [reference, orderId, shopId] = partsOf(payload) ?? [CARD];
  return reference === CARD || orderId === undefined || shopId === undefined
    ? undefined
    : { reference, orderId, shopId };
}

/** Undefined for what no invoice of a card carries. */
export function readCardPayload(payload: string): CardInvoiceName | undefined {
  const [kind, invoiceId, shopId] = partsOf(payload) ?? [];
  return kind !== CARD || invoiceId === undefined || shopId === undefined ? undefined : { invoiceId, shopId };
}

function partsOf(payload: string): [string, string, string] | undefined {
  const [first, second, third, ...rest] = payload.split(':');
  if (first === undefined || second === undefined || third === undefined || rest.length > 0) return undefined;
  return [first, second, third].every((part) => PART.test(part)) ? [first, second, third] : undefined;
}

/** A shop's book at the payments of one bot: the money is the bot owner's, the books are each shop's own. */
export const botAccountRef = (botId: string, shopId: string): string => `${botId}:${shopId}`;
