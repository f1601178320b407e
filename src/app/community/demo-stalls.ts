/** What the demo community sells. Between them the goods show every kind of product, stock, hold and delivery. */
import type { ProductKind } from '../../domain/product.ts';
import type { ProductForm } from '../../ports/intents/catalog.ts';

export type DemoChat = 'night-market' | 'bargain-corner';

export type DemoProduct = {
  readonly kind: ProductKind;
  readonly chats: readonly DemoChat[];
  /** Name of a picture in demo/pictures. */
  readonly picture: string;
  readonly form: Omit<ProductForm, 'imageDigest'>;
};

export type DemoStall = { readonly seller: string; readonly name: string; readonly products: readonly DemoProduct[] };

const blank: DemoProduct['form'] = {
  ...{ title: '', description: '', price: '', otherPrices: '', options: '', stock: '', limitPerPerson: '' },
  ...{ holdMinutes: '15', imageAlt: '', pickup: false, pickupNote: '', shippingFee: '', shippingFreeFrom: '' },
  ...{ digitalText: '', digitalCodes: '', serviceNote: '', quickPay: false },
};

const mangoBox: DemoProduct = {
  kind: 'physical',
  chats: ['night-market', 'bargain-corner'],
  picture: 'mango-box',
  form: {
    ...blank,
    title: 'Mango box',
    description: 'Two kilos of ripe Harumanis from Perlis, picked yesterday.',
    price: '25.00',
    stock: '12',
    limitPerPerson: '5',
    imageAlt: 'A wooden box full of yellow mangoes with green leaves.',
    pickup: true,
    pickupNote: 'Stall 4, from 18:00',
    shippingFee: '8.00',
    shippingFreeFrom: '80.00',
  },
};

const satay: DemoProduct = {
  kind: 'physical',
  chats: ['night-market'],
  picture: 'satay',
  form: {
    ...blank,
    title: 'Satay, ten sticks',
    description: 'Chicken, over charcoal, with peanut sauce. First paid, first served.',
    price: '15.00',
    stock: '40',
    holdMinutes: '',
    imageAlt: 'Skewers of grilled satay beside a bowl of peanut sauce.',
    pickup: true,
    pickupNote: 'Stall 7, about ten minutes after you pay',
  },
};

const laksaKit: DemoProduct = {
  kind: 'physical',
  chats: ['bargain-corner'],
  picture: 'laksa-kit',
  form: {
    ...blank,
    title: 'Laksa kit, the last one',
    description: 'Paste, noodles and coconut milk for four. There is exactly one left.',
    price: '18.50',
    stock: '1',
    imageAlt: 'A bowl of laksa with noodles, prawns and lime.',
    pickup: true,
    pickupNote: 'Stall 7, from 18:00',
  },
};

const batikScarf: DemoProduct = {
  kind: 'physical',
  chats: ['night-market'],
  picture: 'batik-scarf',
  form: {
    ...blank,
    title: 'Batik scarf',
    description: 'Hand-drawn on cotton voile. No two are alike.',
    price: '89.00',
    otherPrices: 'USD 21.00, EUR 18.00, SGD 27.00',
    options: 'Colour: indigo, turmeric, leaf\nSize: short, long',
    stock: '4',
    holdMinutes: '30',
    imageAlt: 'A folded scarf with a pattern of leaves in indigo.',
    shippingFee: '10.00, USD 6.00, EUR 6.00, SGD 5.00',
    shippingFreeFrom: '150.00',
  },
};

const teaTin: DemoProduct = {
  kind: 'physical',
  chats: ['night-market'],
  picture: 'tea-tin',
  form: {
    ...blank,
    title: 'Highland tea, tin of 100 g',
    description: 'Reserved for one minute at checkout: a good one to watch run out of time.',
    price: '32.00',
    stock: '3',
    holdMinutes: '1',
    imageAlt: 'A round green tin of tea with a few leaves beside it.',
    pickup: true,
    pickupNote: 'Stall 9, any evening',
    shippingFee: '6.00',
  },
};

const concertTicket: DemoProduct = {
  kind: 'digital',
  chats: ['night-market', 'bargain-corner'],
  picture: 'concert-ticket',
  form: {
    ...blank,
    title: 'Rooftop concert, one ticket',
    description: 'Friday at 20:30. Your code comes in private right after payment; show it at the door.',
    price: '45.00',
    limitPerPerson: '4',
    imageAlt: 'A concert ticket with a guitar and a city skyline.',
    digitalCodes: ['K7PM', 'QX4D', 'W2HN', 'B9TR', 'F6VC', 'Y3LS', 'J8GA', 'N5ZE']
      .map((code) => `ROOF-${code}`)
      .join('\n'),
  },
};

const stickerPack: DemoProduct = {
  kind: 'digital',
  chats: ['bargain-corner'],
  picture: 'sticker-pack',
  form: {
    ...blank,
    title: 'Sticker pack',
    description: 'A present to every visitor. It costs nothing, so no payment is asked for.',
    price: '0',
    limitPerPerson: '1',
    imageAlt: 'Six round stickers with fruit and lanterns.',
    digitalText: 'Thank you! Copy these into any chat: 🥭 🍢 🍜 🧣 🎟️ 🫖',
  },
};

const phoneRepair: DemoProduct = {
  kind: 'service',
  chats: ['bargain-corner'],
  picture: 'phone-repair',
  form: {
    ...blank,
    title: 'Phone screen repair',
    description: 'New glass in an hour, while you eat. Most models.',
    price: '120.00',
    otherPrices: 'USD 28.00',
    imageAlt: 'A phone with a cracked screen and a small screwdriver.',
    serviceNote: 'Bring the phone to stall 12 between 19:00 and 22:00 and say your order number.',
  },
};

export const DEMO_STALLS: readonly DemoStall[] = [
  { seller: 'Mei Lin', name: 'Mei Lin Fruit and Tea', products: [mangoBox, teaTin] },
  { seller: 'Ravi', name: "Ravi's Kitchen", products: [satay, laksaKit] },
  { seller: 'Dewi', name: 'Dewi Makes Things', products: [batikScarf, concertTicket, stickerPack, phoneRepair] },
];
