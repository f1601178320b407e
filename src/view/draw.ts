/** Every message and the view that draws it. */
import type { MessageData, MessageName } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { admin } from './admin.ts';
import { basket } from './basket.ts';
import { browse } from './browse.ts';
import { card } from './card.ts';
import { cases } from './cases.ts';
import { choose } from './choose.ts';
import { coupons } from './coupons.ts';
import { connect } from './connect.ts';
import { digest } from './digest.ts';
import { editProduct } from './edit-product.ts';
import { exports, ordersSheet } from './exports.ts';
import { help } from './help.ts';
import { home } from './home.ts';
import { index } from './index-card.ts';
import { claims, myOrders, shopOrders } from './my-orders.ts';
import { money } from './money.ts';
import { newBill } from './new-bill.ts';
import { newProduct } from './new-product.ts';
import { notice } from './notice.ts';
import { order } from './order.ts';
import { packing } from './packing.ts';
import { myData, privacy } from './privacy.ts';
import { profile } from './profile.ts';
import { answer, questions } from './questions.ts';
import { sale } from './sale.ts';
import { shop } from './shop.ts';
import { staff } from './staff.ts';
import { timeline } from './timeline.ts';
import { verified } from './verified.ts';
import type { View } from './view.ts';

type Drawing<N extends MessageName> = (data: MessageData[N], words: Words) => View;

const DRAWINGS: { readonly [N in MessageName]: Drawing<N> } = {
  card,
  choose,
  home,
  browse,
  basket,
  order,
  my_orders: myOrders,
  claims,
  timeline,
  shop,
  connect,
  shop_orders: shopOrders,
  money,
  sale,
  packing,
  new_bill: newBill,
  coupons,
  exports,
  digest,
  index,
  orders_sheet: ordersSheet,
  new_product: newProduct,
  edit_product: editProduct,
  questions,
  answer,
  staff,
  admin,
  cases,
  profile,
  privacy,
  my_data: myData,
  verified,
  help,
  notice,
};

/** Pure: the same data in the same words are the same view. */
export function draw<N extends MessageName>(message: { readonly name: N }, data: MessageData[N], words: Words): View {
  return DRAWINGS[message.name](data, words);
}
