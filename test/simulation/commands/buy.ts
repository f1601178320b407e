import { integer, nat, record } from 'fast-check';
import { define, pick, remember, shownOrder } from '../engine/command.ts';

export const command = define({
  weight: 16,
  input: record({ who: nat({ max: 2 }), what: nat({ max: 5 }), quantity: integer({ min: 1, max: 2 }) }),
  tell: ({ who, what, quantity }) => `buyer ${who} taps Buy on goods ${what}, ${quantity} of it`,
  run(stage, { who, what, quantity }) {
    const buyer = pick(stage.cast.buyers, who) ?? '';
    const goods = pick(stage.cast.goods, what);
    if (!goods) return;
    stage.act(buyer, { kind: 'buy', listingId: goods.listingId, quantity }, (reply) => {
      const orderId = shownOrder(reply);
      if (orderId === null) return;
      remember(stage, orderId, buyer);
      // A parcel needs an address before anybody can pay for it.
      const place = { recipient: 'A buyer', lines: '1 Jalan Pasar', phone: '' };
      if (goods.parcel) stage.act(buyer, { kind: 'set_address', orderId, ...place });
    });
  },
});
