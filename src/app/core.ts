/** The core: every intent to its use case, every message to its loader, every notice to its order. The only mouth to all of it. */
import { fail, type Fault, ok, type Result } from '../domain/faults.ts';
import type { Actor } from '../domain/policy.ts';
import type { Command, Core, Press, Reply, Viewer } from '../ports/core.ts';
import type { IntentKind, StoredIntent } from '../ports/intents.ts';
import type { Message, MessageData, MessageName } from '../ports/messages.ts';
import { KeyReused, type Reads } from '../ports/store.ts';
import { arrive, profileOf } from './community/arrive.ts';
import { billPerson } from './orders/bill-person.ts';
import { addToBasket, checkOutBasket, setBasket } from './orders/basket.ts';
import { buy } from './orders/buy.ts';
import { cancelOrder } from './orders/cancel-order.ts';
import { catalogCases } from './catalog/catalog-cases.ts';
import { chooseDelivery, setAddress, setQuantity } from './orders/change-order.ts';
import { chooseChannel } from './money/choose-channel.ts';
import { commit } from './commit.ts';
import { letMarketCollect } from './money/collecting.ts';
import { confirmCash } from './money/confirm-cash.ts';
import { type Deps, refuse, show, type UseCase } from './deps.ts';
import { openChat } from './community/open-chat.ts';
import { fulfilMany } from './orders/fulfil-many.ts';
import { handOver, received, ship } from './orders/fulfil-order.ts';
import { showCodes } from './orders/goods.ts';
import { createTextGuard } from './community/guard-text.ts';
import { catalogLoaders } from './messages/catalog-loaders.ts';
import type { Loader } from './messages/loader.ts';
import {
  loadBasket,
  loadClaims,
  loadMyOrders,
  loadOrder,
  loadSale,
  loadShopOrders,
  loadTimeline,
} from './messages/orders.ts';
import { loadExports, loadOrdersSheet } from './messages/exports.ts';
import { loadNewBill } from './messages/new-bill.ts';
import { loadPacking } from './messages/packing.ts';
import { approveRefund, configureRefunds } from './money/approve-refund.ts';
import { loadMoney } from './messages/money.ts';
import { bill, openCheckout, returned } from './money/open-checkout.ts';
import { accountsDoor } from './money/onboarding.ts';
import { preCheckout } from './money/pre-checkout.ts';
import { onChannelNotice, onProviderNotice } from './money/provider-notice.ts';
import { reached } from './community/reached.ts';
import { refund, refundPaidByHand } from './money/refund.ts';
import { decideRefundRequest, requestRefund, withdrawRefundRequest } from './money/request-refund.ts';
import { resolveCase } from './money/resolve-case.ts';
import { shareBill } from './money/share-bill.ts';
import { sweep } from './money/sweep.ts';
import { reconcile } from './recon/ask.ts';
import { loadCoupons } from './messages/coupons.ts';
import { createGuessGuard } from './promotions/guess-guard.ts';
import { promotionCases } from './promotions/promotion-cases.ts';
import { notify } from './tell.ts';

type UseCases = { readonly [K in Exclude<IntentKind, 'show'>]: UseCase<K> };
type Loaders = { readonly [N in MessageName]: Loader<N> };

const USE_CASES: UseCases = {
  ...catalogCases,
  buy,
  basket_add: addToBasket,
  basket_set: setBasket,
  basket_checkout: checkOutBasket,
  set_quantity: setQuantity,
  choose_delivery: chooseDelivery,
  set_address: setAddress,
  choose_channel: chooseChannel,
  let_market_collect: letMarketCollect,
  share_bill: shareBill,
  cancel_order: cancelOrder,
  received,
  ship,
  hand_over: handOver,
  fulfil_many: fulfilMany,
  bill_person: billPerson,
  confirm_cash: confirmCash,
  refund,
  refund_paid_by_hand: refundPaidByHand,
  request_refund: requestRefund,
  withdraw_refund_request: withdrawRefundRequest,
  decide_refund_request: decideRefundRequest,
  approve_refund: approveRefund,
  configure_refunds: configureRefunds,
  resolve_case: resolveCase,
  reconcile,
  ...promotionCases,
};

const LOADERS: Loaders = {
  ...catalogLoaders,
  order: loadOrder,
  sale: loadSale,
  basket: loadBasket,
  my_orders: loadMyOrders,
  claims: loadClaims,
  shop_orders: loadShopOrders,
  money: loadMoney,
  timeline: loadTimeline,
  packing: loadPacking,
  new_bill: loadNewBill,
  coupons: loadCoupons,
  exports: loadExports,
  orders_sheet: loadOrdersSheet,
};

/** Public buttons live as long as their listing may; private ones as long as an order's refund window. */
const HANDLE_MS = 180 * 24 * 60 * 60 * 1000;

export function createCore(deps: Deps): Core {
  const guard = createTextGuard();
  const guesses = createGuessGuard();
  const now = () => deps.clock.now();

  async function handle(command: Command): Promise<Reply> {
    const { intent, personId, communityId, chatId } = command;
    if (intent.kind === 'show') return show(intent.message);
    if (guard.holdsCardNumber({ intent, personId, now: now() })) return dropCardNumber(deps, command);
    if (intent.kind === 'coupon_use' && !guesses.mayGuess(command, now())) return refuse('too_fast');
    // Kept for ever beside the key: of a short code or a phone number a plain hash would tell whoever tries them all.
    const input = deps.vault.digest('command', JSON.stringify({ personId, communityId, chatId, intent }));
    try {
      const reply = await commit(deps, { key: command.key, input }, async (tx) => {
        const who = await whoIs(tx, command);
        if (!who) return refuse('not_allowed');
        const at = { deps, now: now(), chatId, ...who };
        if (who.community.frozen && !isCalm(intent.kind, who.actor))
          return refuse('shop_frozen', { shop: who.community.name });
        // The key of the table is the kind of the intent, so the two agree.
        const act = USE_CASES[intent.kind] as UseCase<IntentKind>;
        return act(tx, at, intent);
      });
      if (intent.kind === 'coupon_use') guesses.guessed(command, reply.ok ? undefined : reply.fault, now());
      return reply;
    } catch (error) {
      if (error instanceof KeyReused) return refuse('key_reused');
      throw error;
    }
  }

  async function load<N extends MessageName>(
    message: Message<N>,
    viewer: Viewer | null,
  ): Promise<Result<MessageData[N]>> {
    const loader: Loader<N> = LOADERS[message.name];
    // Of one name or any: the union is the same; the compiler does not see it through the parameter.
    const any = message as Message;
    const loaded = await deps.store.read(async (reads) => {
      const at = await contextOf(deps, reads, any, viewer);
      return at ? loader(reads, at, message) : fail('not_found');
    });
    if (!loaded.ok || any.name !== 'order') return loaded;
    return ok((await withCodes(deps, any.orderId, loaded.value as MessageData['order'])) as MessageData[N]);
  }

  return {
    handle,
    load,
    arrive: (arrival) => arrive(deps, arrival),
    openChat: (opening) => openChat(deps, opening),
    profile: (viewer) => deps.store.read((reads) => profileOf(reads, viewer)),
    drawHandles: async (drawn) => {
      // Most panels are drawn again and again: what stands there and lives long enough is not written a second time.
      const missing = await deps.store.read((reads) => withoutKnown(reads, drawn, now() + HANDLE_MS / 2));
      if (missing.length === 0) return;
      const rows = missing.map((one) => ({ ...one, expiresAt: now() + HANDLE_MS }));
      await deps.store.transact(null, async (tx) => {
        await tx.handles.insertHandles(rows);
        return null;
      });
    },
    readHandle: (press) => readHandle(deps, press),
    ...pages(deps),
    image: (digest) => deps.store.read((reads) => reads.catalog.image(digest)),
    saveImage: async (image) => {
      await deps.store.transact(null, (tx) => tx.catalog.insertImage(image, now()));
    },
    onProviderNotice: (channel, raw) => onProviderNotice(deps, channel, raw),
    reached: (platform, personId) => reached(deps, platform, personId),
    preCheckout: (request) => preCheckout(deps, request),
    onChannelNotice: (channel, notice) => onChannelNotice(deps, channel, notice),
    sweep: () => sweep(deps),
  };
}

/** What our own pages are made of: the pay link's, and that of a shop's account. */
const pages = (deps: Deps) => ({
  bill: (payToken: string) => bill(deps, payToken),
  openCheckout: (request: Parameters<Core['openCheckout']>[0]) => openCheckout(deps, request),
  returned: (payToken: string) => returned(deps, payToken),
  ...accountsDoor(deps),
});

async function whoIs(reads: Reads, viewer: Viewer) {
  const community = await reads.people.community(viewer.communityId);
  const role = await reads.people.role(viewer.communityId, viewer.personId);
  if (!community || !role) return undefined;
  const shops = await reads.people.shopRoles(viewer.communityId, viewer.personId);
  const actor: Actor = { personId: viewer.personId, communityId: viewer.communityId, role, shops };
  return { community, actor };
}

/** What still works while a market is frozen: money on its way, talk, and the stewards who will open it again. */
function isCalm(kind: IntentKind, actor: Actor): boolean {
  const stopped: readonly IntentKind[] = [
    'buy',
    'basket_add',
    'basket_checkout',
    'post_product',
    'list_product',
    'repost_card',
    'bill_person',
    'choose_channel',
  ];
  return actor.role !== 'member' || !stopped.includes(kind);
}

async function contextOf(deps: Deps, reads: Reads, message: Message, viewer: Viewer | null) {
  const now = deps.clock.now();
  if (viewer) {
    const who = await whoIs(reads, viewer);
    const person = (await reads.people.person(viewer.personId)) ?? null;
    return who && { deps, now, person, ...who };
  }
  const chatId = await publicChatOf(reads, message);
  const chat = chatId === undefined ? undefined : await reads.people.chat(chatId);
  const community = chat && (await reads.people.community(chat.communityId));
  return community && { deps, now, actor: null, person: null, community };
}

/** What is drawn for everybody in a chat; everything else needs somebody who looks at it. */
async function publicChatOf(reads: Reads, message: Message): Promise<string | undefined> {
  if (message.name === 'index') return message.chatId;
  return message.name === 'card' ? (await reads.catalog.listing(message.listingId))?.chatId : undefined;
}

/** Between the reading and now a refund may have taken codes back: only those are shown that are marked as seen. */
async function withCodes(deps: Deps, orderId: string, data: MessageData['order']): Promise<MessageData['order']> {
  const { order } = data;
  if (!order.goods.some((goods) => goods.codes.length > 0)) return data;
  const seen = new Set(await deps.store.transact(null, (tx) => showCodes(tx, orderId, deps.clock.now())));
  const goods = order.goods.map((one) => ({ ...one, codes: one.codes.filter((code) => seen.has(code)) }));
  return { order: { ...order, goods } };
}

/** Nothing of the command is stored, not even its key. The person is told why. */
async function dropCardNumber(deps: Deps, command: Command): Promise<Reply> {
  await commit(deps, null, async (tx) => {
    const to = { personId: command.personId, communityId: command.communityId };
    const now = deps.clock.now();
    await notify(tx, { deps, now }, to, { kind: 'card_number_dropped', objectId: null, params: { n: now } });
    return null;
  });
  return refuse('card_number_typed');
}

type Drawn = Parameters<Core['drawHandles']>[0];

async function withoutKnown(reads: Reads, drawn: Drawn, until: number): Promise<Drawn> {
  const missing: Drawn[number][] = [];
  for (const one of drawn) {
    const known = await reads.handles.handle(one.handle);
    if ((known?.expiresAt ?? 0) < until) missing.push(one);
  }
  return missing;
}

async function readHandle(deps: Deps, press: Press): Promise<Result<StoredIntent>> {
  const row = await deps.store.read((reads) => reads.handles.handle(press.handle));
  if (!row || row.expiresAt <= deps.clock.now()) return fail('button_expired');
  const wrongPerson = row.personId !== null && row.personId !== press.personId;
  const wrongChat = row.chatId !== null && row.chatId !== press.chatId;
  const refused: Fault['code'] | undefined = wrongPerson
    ? 'button_of_another'
    : wrongChat
      ? 'button_expired'
      : undefined;
  return refused ? fail(refused) : ok(row.intent);
}
