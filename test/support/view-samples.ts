/** Data of every message as the core loads it, in the situations that people meet. */
import { money } from '../../src/domain/money.ts';
import { price as drawUp } from '../../src/domain/pricing/price.ts';
import type { Coupon } from '../../src/domain/pricing/input.ts';
import { ACCOUNT_WANTS } from '../../src/ports/channel-account.ts';
import type { MessageData, MessageName } from '../../src/ports/messages.ts';
import { NOTICE_KINDS } from '../../src/ports/notices.ts';
import type { About, OrderData, OrderSummary, ProductData, RefundData } from '../../src/ports/shown.ts';
import { TIMELINE_KINDS } from '../../src/view/timeline.ts';

const AT = Date.UTC(2026, 10, 20, 10, 30);
const HOUR = 3_600_000;
const shop = { id: 'shop-1', title: 'Siti Bakes' };

const product: ProductData = {
  id: 'product-1',
  kind: 'physical',
  title: 'Mango box',
  description: 'Six ripe mangoes.',
  image: { digest: 'd1', alt: 'A box of mangoes' },
  options: [],
  variants: [
    {
      id: 'variant-1',
      choices: [],
      price: money(1250, 'MYR'),
      prices: [money(1250, 'MYR'), money(300, 'USD')],
      available: 3,
      held: 1,
      sold: 5,
    },
  ],
  state: 'on_sale',
  shop: { ...shop, state: 'approved' },
  holdPolicy: { kind: 'on_checkout', minutes: 15 },
  limitPerPerson: 2,
  pickup: true,
  pickupNote: 'Gate 3',
  shipping: { fee: money(500, 'MYR'), freeFrom: money(10_000, 'MYR') },
  buyable: true,
  soldOut: false,
  testMoney: true,
};

const shirt: ProductData = {
  ...product,
  id: 'product-2',
  title: 'Shirt',
  image: null,
  options: [{ name: 'Size', values: ['S', 'M'] }],
  variants: ['S', 'M'].map((size, index) => ({
    id: `variant-${size}`,
    choices: [size],
    price: money(2000 + index * 100, 'MYR'),
    prices: [money(2000 + index * 100, 'MYR')],
    available: index === 0 ? 0 : null,
    held: index,
    sold: 0,
  })),
  holdPolicy: { kind: 'first_paid' },
  limitPerPerson: null,
  pickup: false,
  pickupNote: '',
  shipping: { fee: money(500, 'MYR'), freeFrom: null },
};

const gift: ProductData = {
  ...product,
  kind: 'digital',
  variants: product.variants.map((one) => ({ ...one, price: money(0, 'MYR'), prices: [money(0, 'MYR')] })),
};

const products: readonly ProductData[] = [
  product,
  shirt,
  gift,
  { ...product, kind: 'service', description: '' },
  { ...product, state: 'paused', buyable: false },
  { ...product, state: 'frozen', buyable: false },
  { ...product, state: 'withdrawn', buyable: false },
  { ...product, soldOut: true, buyable: false },
  { ...product, shop: { ...shop, state: 'frozen' }, buyable: false },
  { ...product, testMoney: false, pickupNote: '', shipping: { fee: money(0, 'MYR'), freeFrom: null } },
  { ...product, pickup: false, shipping: null },
];

const about: About = { money: money(265, 'USD'), rate: '0.211937281928373', source: 'ECB', asOf: AT, stale: false };

const bill = drawUp({
  currency: 'MYR',
  lines: [{ id: 'variant-1', productId: 'product-1', title: 'Mango box', quantity: 2, unitPrice: 1250, tax: 'sst' }],
  shipping: { fee: 500 },
  coupons: [{ id: 'c1', kind: 'fixed', amount: { MYR: 100 }, label: 'WELCOME' }],
  points: { requested: 200, balance: 500, rule: { value: { MYR: { points: 2, amount: 1 } }, step: 2 } },
  tax: { mode: 'exclusive', rates: [{ id: 'sst', bps: 600, label: 'SST' }] },
  tenders: [{ id: 'card-1', balance: 300 }],
});

const billed = money(bill.due, 'MYR');
const couponRules: readonly Coupon[] = [
  { id: 'c', kind: 'percent', bps: 1250 },
  { id: 'c', kind: 'fixed', amount: { MYR: 500 } },
  { id: 'c', kind: 'tiered', tiers: [{ from: { MYR: 5000 }, amount: { MYR: 500 } }] },
  { id: 'c', kind: 'buy_x_get_y', buy: 2, get: 1 },
  { id: 'c', kind: 'free_shipping' },
];

const address = { recipient: 'Aminah', lines: '1 Jalan Besar\nIpoh', phone: '+60 12 345' };

const refundBack = (cause: RefundData['cause'], state: RefundData['state']): RefundData => ({
  id: `refund-${cause}-${state}`,
  amount: money(1250, 'MYR'),
  state,
  cause,
  at: AT,
  canApprove: state === 'pending_approval',
});

const figures = {
  ...{ gross: money(1250, 'MYR'), fees: money(12, 'MYR'), refunds: money(100, 'MYR') },
  ...{ disputes: money(30, 'MYR'), net: money(1108, 'MYR') },
};

const nothing = {
  ...{ pay: false, cancel: false, receive: false, ship: false, handOver: false },
  ...{ confirmCash: false, refund: false, requestRefund: false, changeDelivery: false, changeQuantity: false },
  useCoupon: false,
};

export const openOrder: OrderData = {
  id: 'order-1',
  code: 'K7PM-2QXD',
  state: 'pending_payment',
  shop,
  lines: [
    {
      id: 'line-1',
      title: 'Mango box',
      choices: [],
      quantity: 2,
      unitPrice: money(1250, 'MYR'),
      total: money(2400, 'MYR'),
      variantId: 'variant-1',
      refundedQuantity: 0,
    },
  ],
  quote: bill,
  coupons: [{ id: 'c1', label: 'WELCOME' }],
  about,
  delivery: { method: 'ship', offers: ['pickup', 'ship'], address, pickupNote: '', tracking: null, shippedAt: null },
  expiresAt: AT + HOUR,
  reserved: true,
  channels: [
    { code: 'sandbox', page: true },
    { code: 'cash', page: false },
    { code: 'promptpay', page: false },
  ],
  payUrl: 'http://127.0.0.1:3000/pay/token',
  attempt: null,
  invoice: null,
  shared: null,
  paidToMarket: false,
  refundFullOnly: false,
  lastDecline: null,
  paid: money(0, 'MYR'),
  refundable: money(0, 'MYR'),
  refunds: [],
  request: null,
  disputes: [],
  exceptions: [],
  goods: [],
  billed: false,
  placedAt: AT,
  paidAt: null,
  free: false,
  can: { ...nothing, pay: true, cancel: true, changeDelivery: true, changeQuantity: true, useCoupon: true },
  testMoney: true,
};

export const paidOrder: OrderData = {
  ...openOrder,
  state: 'paid',
  expiresAt: null,
  channels: [],
  payUrl: null,
  paid: billed,
  refundable: billed,
  paidAt: AT,
  can: { ...nothing, cancel: true, receive: true, ship: true, handOver: true, refund: true, requestRefund: true },
};

const attempt = (state: NonNullable<OrderData['attempt']>['state'], declineCode: string | null = null) => ({
  attempt: { channel: 'sandbox', state, declineCode },
});

const delivery = (changes: Partial<OrderData['delivery']>) => ({ delivery: { ...openOrder.delivery, ...changes } });

const inTelegram = {
  payUrl: null,
  channels: [{ code: 'telegram_stars', page: false }],
  paidToMarket: true,
} satisfies Partial<OrderData>;

export const orders: readonly OrderData[] = [
  openOrder,
  { ...openOrder, state: 'draft', payUrl: null, expiresAt: null },
  { ...openOrder, about: { ...about, stale: true }, ...delivery({ address: null }) },
  { ...openOrder, ...delivery({ method: 'pickup', address: null, pickupNote: 'Gate 3' }) },
  { ...openOrder, payUrl: null, channels: [], about: null, reserved: false },
  { ...openOrder, free: true, ...delivery({ method: 'none', offers: ['none'], address: null }) },
  { ...openOrder, billed: true, reserved: false, ...delivery({ method: 'none', offers: ['none'], address: null }) },
  { ...openOrder, billed: true, state: 'expired' },
  { ...openOrder, ...attempt('open') },
  { ...openOrder, ...attempt('working') },
  { ...openOrder, ...inTelegram, attempt: { channel: 'telegram_stars', state: 'open', declineCode: null } },
  {
    ...{ ...openOrder, ...inTelegram, attempt: { channel: 'telegram_stars', state: 'open', declineCode: null } },
    ...{ invoice: { channel: 'telegram_stars', url: 'https://t.me/$stars' }, shared: false },
  },
  {
    ...{ ...openOrder, ...inTelegram, attempt: { channel: 'telegram_stars', state: 'open', declineCode: null } },
    ...{ invoice: { channel: 'telegram_stars', url: 'https://t.me/$stars' }, shared: true },
  },
  { ...openOrder, ...inTelegram, channels: [{ code: 'telegram_payments', page: false }] },
  { ...paidOrder, paidToMarket: true, refundFullOnly: true },
  { ...openOrder, ...attempt('unknown') },
  { ...openOrder, ...attempt('waiting_for_cash') },
  ...['insufficient_funds', 'declined', 'expired_card', 'suspected_fraud', 'bank_unavailable', 'abandoned', 'new'].map(
    (lastDecline) => ({ ...openOrder, lastDecline }),
  ),
  { ...openOrder, state: 'expired', payUrl: null, can: nothing },
  { ...openOrder, state: 'expired', payUrl: null, can: nothing, ...attempt('unknown') },
  { ...openOrder, state: 'cancelled', payUrl: null, can: nothing },
  { ...openOrder, state: 'cancelled', can: nothing, refunds: [refundBack('cancelled_order', 'submitted')] },
  {
    ...openOrder,
    state: 'expired',
    exceptions: ['paid_late'],
    refunds: [refundBack('late', 'submitted')],
    can: nothing,
  },
  { ...openOrder, exceptions: ['conflicted', 'underpaid', 'overpaid'] },
  paidOrder,
  { ...paidOrder, exceptions: ['paid_late', 'marked_manually'] },
  { ...paidOrder, exceptions: ['duplicate_payment'], refunds: [refundBack('duplicate', 'succeeded')] },
  {
    ...paidOrder,
    exceptions: ['duplicate_payment'],
    refunds: [refundBack('seller', 'failed'), refundBack('admin', 'unknown'), refundBack('seller', 'pending_approval')],
    request: {
      ...{ id: 'request-1', amount: money(1250, 'MYR'), state: 'open', reason: 'Broken', answer: '', decideBy: AT },
      can: { decide: true, withdraw: true },
    },
    disputes: [
      {
        ...{ id: 'dispute-1', state: 'needs_response', open: true, respondBy: AT, channel: 'sandbox' },
        ...{ amount: money(1250, 'MYR'), withdrawn: money(1250, 'MYR') },
      },
    ],
  },
  { ...paidOrder, ...delivery({ method: 'pickup', address: null, pickupNote: 'Gate 3' }) },
  {
    ...paidOrder,
    ...delivery({ method: 'none', offers: ['none'], address: null }),
    goods: [
      { title: 'E-book', text: 'https://example.org/book', codes: [], note: '' },
      { title: 'Keys', text: '', codes: ['AAAA', 'BBBB'], note: '' },
      { title: 'Lesson', text: '', codes: [], note: 'I call you tonight.' },
    ],
  },
  { ...paidOrder, free: true, paid: money(0, 'MYR'), refundable: money(0, 'MYR') },
  { ...paidOrder, state: 'fulfilled', ...delivery({ tracking: 'MY123', shippedAt: AT }) },
  { ...paidOrder, state: 'fulfilled', can: nothing, ...delivery({ method: 'pickup' }) },
  { ...paidOrder, state: 'closed', can: nothing },
];

const summary: OrderSummary = {
  ...{ id: 'order-1', code: 'K7PM-2QXD', state: 'paid', title: 'Mango box', units: 2, at: AT, shop },
  delivery: { method: 'ship' },
  total: billed,
};

const home: MessageData['home'] = {
  community: { id: 'community-1', title: 'Night Market', currency: 'MYR', timeZone: 'Asia/Kuala_Lumpur' },
  name: 'Aminah',
  role: 'owner',
  shops: [
    { ...shop, state: 'approved', role: 'seller' },
    { ...shop, state: 'approved', role: 'helper' },
    { ...shop, state: 'applied', role: 'seller' },
    { ...shop, state: 'rejected', role: 'seller' },
    { ...shop, state: 'frozen', role: 'seller' },
  ],
  ...{ basketUnits: 2, openOrders: 1, toShip: 3, openQuestions: 1, openCases: 2, demo: true },
};

const timelineParams = {
  ...{ method: 'ship', channel: 'cash', code: 'declined', amount: 1250, currency: 'MYR', by: 'buyer' },
  ...{ cause: 'late', decision: 'refund', type: 'payment.succeeded', what: 'amount' },
};

const chats = [
  { id: 'chat-1', title: 'Food' },
  { id: 'chat-2', title: 'Crafts' },
];

const community = {
  ...{ id: 'community-1', name: 'Night Market', currency: 'MYR' },
  ...{ timeZone: 'Asia/Kuala_Lumpur', locale: 'en' },
};

const invoiceFor = ({ choices, price }: ProductData['variants'][number]) =>
  price ? [{ choices, price, url: 'https://t.me/$invoice' }] : [];

const decisions = ['deliver', 'refund', 'dismiss'] as const;
const caseKinds = ['payment_conflict', 'refund_failed', 'poison_event', 'unknown_outcome', 'new_kind'];

export const SAMPLES: { readonly [N in MessageName]: readonly MessageData[N][] } = {
  card: [
    ...products.map((one) => ({ listingId: 'listing-1', product: one, invoices: [], claimed: false })),
    ...products.map((one) => {
      return { listingId: 'listing-1', product: one, invoices: one.variants.flatMap(invoiceFor), claimed: true };
    }),
  ],
  choose: [
    { listingId: 'listing-1', product: shirt, about: [about, null] },
    { listingId: null, product, about: [null] },
  ],
  home: [
    home,
    {
      ...home,
      role: 'member',
      shops: [],
      basketUnits: 0,
      openOrders: 0,
      toShip: 0,
      openQuestions: 0,
      openCases: 0,
      demo: false,
    },
    { ...home, role: 'admin', openCases: 0 },
  ],
  browse: [{ products: [] }, { products: products.map((one) => ({ product: one, about })) }],
  basket: [{ baskets: [] }, { baskets: [{ ...openOrder, state: 'draft', payUrl: null }] }],
  order: orders.map((order) => ({ order })),
  my_orders: [{ orders: [] }, { orders: [summary] }],
  claims: [{ orders: [] }, { orders: [summary] }],
  timeline: [
    { orderId: 'order-1', code: 'K7PM-2QXD', entries: [], asSeller: true },
    {
      orderId: 'order-1',
      code: 'K7PM-2QXD',
      asSeller: false,
      entries: [...TIMELINE_KINDS, 'something_new'].map((kind, index) => {
        return {
          id: `e${index}`,
          orderId: 'order-1',
          at: AT + index,
          kind,
          audience: 'everybody',
          params: timelineParams,
        };
      }),
    },
  ],
  shop: [
    {
      shop: { ...shop, state: 'approved', role: 'seller' },
      products,
      marketCollects: true,
      toShip: 2,
      openQuestions: 1,
      mayConnect: true,
      digest: { time: '20:00', timeZone: 'Asia/Kuala_Lumpur' },
    },
    {
      shop: { ...shop, state: 'approved', role: 'seller' },
      products,
      marketCollects: false,
      toShip: 0,
      openQuestions: 0,
      mayConnect: false,
      digest: { time: '20:00', timeZone: 'Asia/Kuala_Lumpur' },
    },
    {
      shop: { ...shop, state: 'frozen', role: 'helper' },
      products: [],
      marketCollects: null,
      toShip: 0,
      openQuestions: 0,
      mayConnect: false,
      digest: null,
    },
  ],
  connect: [
    { shop, state: 'none', wants: [], url: null },
    ...(['none', 'pending', 'restricted', 'active'] as const).map((state) => ({
      ...{ shop, state, wants: state === 'active' ? [] : ACCOUNT_WANTS },
      url: 'https://market.example.org/connect/shop-1.mabcdefg.seal',
    })),
  ],
  shop_orders: [
    { shop, orders: [], canExport: false },
    { shop, orders: [summary, { ...summary, state: 'fulfilled' }], canExport: true },
  ],
  digest: [
    {
      ...{ shop, sold: 2, totals: [money(2500, 'MYR'), money(300, 'USD')], toShip: 1, unpaid: 1, refunds: 1, cases: 1 },
      ...{ questions: 1, low: [{ title: 'Shirt', choices: ['S'], left: 0 }] },
    },
    { shop, sold: 0, totals: [], toShip: 2, unpaid: 0, refunds: 0, cases: 0, questions: 0, low: [] },
  ],
  index: [
    { chatId: 'chat-1', community: 'Night Market', products: [], isCut: false },
    {
      ...{ chatId: 'chat-1', community: 'Night Market', isCut: true },
      products: [true, false].map((soldOut, at) => ({
        ...{ listingId: `listing-${at}`, title: 'Mango box', price: money(1250, 'MYR'), isFrom: !soldOut, soldOut },
      })),
    },
  ],
  exports: [null, { from: '2026-11-01', to: '2026-11-30' }].map((period) => {
    const days = { from: '2026-11-01', to: '2026-11-20' };
    const periods = { today: days, week: days, month: days, last_month: days };
    return { shop, timeZone: 'Asia/Kuala_Lumpur', today: '2026-11-20', periods, period };
  }),
  orders_sheet: [true, false].map((isCut) => ({
    ...{ shop, from: '2026-11-01', to: '2026-11-30', timeZone: 'Asia/Kuala_Lumpur', count: 1, isCut },
    sheet: { columns: ['order', 'buyer'], rows: [['K7PM2QXD', '=Aminah']] },
  })),
  new_bill: [
    { shop, people: [], personId: null, currency: 'MYR' },
    { shop, people: [{ id: 'p1', title: 'Budi' }], personId: 'p1', currency: 'MYR' },
    { shop, people: [{ id: 'p1', title: 'Budi' }], personId: null, currency: 'MYR' },
  ],
  coupons: [
    { shop: null, currency: 'MYR', coupons: [] },
    {
      ...{ shop, currency: 'MYR' },
      coupons: couponRules.map((rule, index) => ({
        ...{
          id: `coupon-${index}`,
          label: 'WELCOME',
          state: (['on', 'paused', 'ended'] as const)[index % 3] ?? 'on',
          rule,
        },
        ...{ maxUses: index === 0 ? null : 5, uses: index, over: index, redeemed: index },
        budget: index === 0 ? null : money(5000, 'MYR'),
        spent: money(100 * index, 'MYR'),
        until: index === 0 ? null : AT,
        freeCodes: index === 1 ? ['K7PM-2QXD-9RTHW'] : [],
      })),
    },
  ],
  packing: [
    { shop, orders: [], totals: [], count: 0, page: 0, pages: 1, report: null },
    {
      shop,
      orders: (['ship', 'pickup', 'none'] as const).map((method, index) => ({
        id: `order-${index}`,
        code: 'K7PM2QXD',
        buyer: 'Aminah',
        method,
        address: method === 'ship' ? address : null,
        lines: [{ title: 'Shirt', choices: ['S'], quantity: 2 }],
        paidAt: AT,
      })),
      totals: [{ title: 'Shirt', choices: ['S'], quantity: 6 }],
      count: 30,
      page: 1,
      pages: 3,
      report: {
        sent: 2,
        handedOver: 1,
        already: 1,
        bad: Array.from({ length: 20 }, (_, index) => ({
          line: index === 0 ? null : index,
          code: index > 1 ? 'K7PM2QXD' : '',
          fault: { code: 'order_code_unknown' as const },
        })),
      },
    },
  ],
  sale: orders.map((order) => ({
    order: { ...order, can: { ...order.can, confirmCash: order.attempt?.state === 'waiting_for_cash' } },
    buyer: 'Aminah',
    handRefunds: order.state === 'closed' ? [refundBack('seller', 'submitted')] : [],
  })),
  new_product: (['physical', 'digital', 'service'] as const).map((productKind) => {
    return {
      shop,
      productKind,
      chats,
      currency: 'MYR',
      originChatId: productKind === 'service' ? null : 'chat-1',
      like: productKind === 'physical' ? { product: shirt, digitalText: '', serviceNote: '' } : null,
      quickPay: true,
    };
  }),
  edit_product: products.map((one) => ({
    product: one,
    digitalText: one.kind === 'digital' ? 'https://example.org/book' : '',
    serviceNote: one.kind === 'service' ? 'I call you.' : '',
    freeCodes: one.kind === 'digital' ? 7 : null,
    chats: chats.map((chat, index) => ({ ...chat, listed: index === 0, reposts: index === 0 ? 1 : null })),
    currency: 'MYR',
    quickPay: one.kind === 'service' ? null : one.kind === 'digital',
  })),
  questions: [
    { shop, questions: [] },
    {
      shop,
      questions: [
        { id: 'q1', product: { id: 'product-1', title: 'Mango box' }, asker: 'Budi', text: 'Halal?', at: AT },
      ],
    },
  ],
  answer: [{ product: { id: 'product-1', title: 'Mango box' }, question: 'Halal?', answer: 'Yes.' }],
  staff: [
    { shop, helpers: [], candidates: [] },
    { shop, helpers: [{ id: 'p1', title: 'Budi' }], candidates: [{ id: 'p2', title: 'Mei' }] },
  ],
  money: [
    { shop: { id: 'shop-1', title: 'Siti' }, days: [], totals: [], payouts: [] },
    {
      shop: { id: 'shop-1', title: 'Siti' },
      days: [{ day: '2026-11-20', channel: 'sandbox', ...figures }],
      totals: [
        { channel: 'sandbox', ...figures, left: money(5, 'MYR'), paidToMarket: false },
        { channel: 'telegram_stars', ...figures, left: money(5, 'MYR'), paidToMarket: true },
      ],
      payouts: [
        { channel: 'sandbox', amount: money(900, 'MYR'), at: AT, arrived: true },
        { channel: 'sandbox', amount: money(100, 'MYR'), at: null, arrived: false },
      ],
    },
  ],
  admin: [
    {
      refunds: { requestHours: 48, approvalLimit: money(100_000, 'MYR') },
      community,
      shops: (['applied', 'approved', 'frozen', 'rejected'] as const).map((state) => ({
        ...shop,
        state,
        owner: 'Siti',
      })),
      reports: (['on_sale', 'frozen'] as const).map((state) => {
        return { product: { id: 'product-1', title: 'Mango box', state }, reasons: ['Fake'] };
      }),
      openCases: 1,
      chats,
    },
    {
      refunds: { requestHours: 48, approvalLimit: money(0, 'MYR') },
      community: { ...community, locale: 'xx' },
      shops: [],
      reports: [],
      openCases: 0,
      chats: [],
    },
  ],
  cases: [
    { cases: [] },
    {
      cases: caseKinds.map((kind, index) => ({
        id: `case-${kind}`,
        kind,
        params: index === 0 ? { amount: 1, currency: 'MYR', expected: 1250 } : {},
        order: index === 0 ? { id: 'order-1', title: 'K7PM-2QXD' } : null,
        openedAt: AT,
        decisions,
      })),
    },
  ],
  profile: (['owner', 'admin', 'member'] as const).map((role) => {
    return {
      name: 'Mei',
      locale: 'en',
      currency: 'MYR',
      currencies: ['MYR', 'USD', 'XTR'],
      demo: role !== 'admin',
      role,
    };
  }),
  privacy: [{ community: 'Night Market' }],
  my_data: [{ json: '{\n  "person": {}\n}' }],
  verified: [
    ...(['page', 'bot', 'checkout', 'foreign', 'unknown', 'hidden', 'nothing'] as const).map((verdict) => ({
      verdict,
      shops: [],
    })),
    { verdict: 'seller', shops: ['Siti Kitchen', 'Night Fruit'] },
  ],
  help: (['owner', 'admin', 'member'] as const).map((role) => {
    return { community: 'Night Market', role, seller: role !== 'admin' };
  }),
  notice: NOTICE_KINDS.flatMap((kind) => [
    { kind, params: { code: 'K7PM-2QXD', title: 'Mango box' }, next: { name: 'order', orderId: 'order-1' } },
    { kind, params: {}, next: null },
  ]),
};
