/**
 * What an invoice of a chat platform carries back to us: which attempt, of which order, at which shop. All three are compared with
 * our own rows before anything happens, so that a payload that fits only in part pays nothing.
 */
export type InvoiceName = { readonly reference: string; readonly orderId: string; readonly shopId: string };

const BYTES_MAX = 128;
const PART = /^[\w.-]{1,60}$/;

/** Throws RangeError when it would not fit an invoice: 1 to 128 bytes. */
export function invoicePayload({ reference, orderId, shopId }: InvoiceName): string {
  const parts = [reference, orderId, shopId];
  const payload = parts.join(':');
  if (!parts.every((part) => PART.test(part)) || payload.length > BYTES_MAX) {
    throw new RangeError(`The invoice of attempt ${reference} cannot be named in ${BYTES_MAX} bytes.`);
  }
  return payload;
}

/** Undefined for what no invoice of ours carries. */
export function readInvoicePayload(payload: string): InvoiceName | undefined {
  const [reference, orderId, shopId, ...rest] = payload.split(':');
  if (reference === undefined || orderId === undefined || shopId === undefined || rest.length > 0) return undefined;
  return [reference, orderId, shopId].every((part) => PART.test(part)) ? { reference, orderId, shopId } : undefined;
}

/** A shop's book at the payments of one bot: the money is the bot owner's, the books are each shop's own. */
export const botAccountRef = (botId: string, shopId: string): string => `${botId}:${shopId}`;
