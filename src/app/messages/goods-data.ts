/** Digital goods and service notes of a paid order: for its buyer's eyes only. */
import { wasPaid } from '../../domain/order.ts';
import type { OrderData } from '../../ports/shown.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';

export async function goodsOf(reads: Reads, order: Order, lines: readonly OrderLine[]): Promise<OrderData['goods']> {
  if (!wasPaid(order.state)) return [];
  const codes = await reads.catalog.codesOf(order.id);
  const goods: OrderData['goods'][number][] = [];
  for (const line of lines) {
    const product = await reads.catalog.product(line.productId);
    if (!product) continue;
    const { title } = product;
    if (product.kind === 'digital') {
      // Codes that nobody saw stay unseen once their money is on its way back: they may be sold again.
      const theirs = line.quantity - line.refundedQuantity;
      const own = codes
        .filter((one) => one.orderLineId === line.id)
        .filter((one, index) => one.shownAt !== null || index < theirs)
        .map((one) => one.code);
      // A line that was given back in full hands nothing out any more, unless it was seen already.
      const back = line.refundedQuantity >= line.quantity && own.length === 0;
      const text = product.digital === 'text' && !back ? await reads.catalog.digitalText(product.id) : '';
      goods.push({ title, text, codes: own, note: '' });
    } else if (product.serviceNote !== '') {
      goods.push({ title, text: '', codes: [], note: product.serviceNote });
    }
  }
  return goods;
}
