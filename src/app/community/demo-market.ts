/** The market that a first start opens: a community with people, shops and goods, so that there is something to buy. */
import { parseProductForm } from '../catalog/product-form.ts';
import type { Tx } from '../../ports/store.ts';
import type { Image } from '../../ports/store/catalog.ts';
import { addProduct } from '../catalog/add-product.ts';
import { commit } from '../commit.ts';
import type { Circumstances, Deps } from '../deps.ts';
import { DEMO_STALLS, type DemoChat, type DemoProduct, type DemoStall } from './demo-stalls.ts';
import { openShop } from './open-shop.ts';

const CURRENCY = 'MYR';
const HOST = 'Aisha';

const CHATS: Readonly<Record<DemoChat, { readonly title: string; readonly welcome: string }>> = {
  'night-market': {
    title: 'Night Market',
    welcome:
      'Welcome to the Night Market! Press Buy on any card. All money here is test money: you can pay, be declined, ' +
      'pay late or pay twice, and see what happens. To sell something yourself, choose the role Seller under your name.',
  },
  'bargain-corner': {
    title: 'Bargain Corner',
    welcome: 'This is the Bargain Corner. The mango box stands here as well: buy one, and watch both cards change.',
  },
};

type When = Pick<Circumstances, 'deps' | 'now'>;

/**
 * Writes the demo community once; later calls change nothing. `pictures` by name (demo/pictures/<name>.webp); a product whose
 * picture is missing is posted without one.
 */
export async function seedDemoMarket(deps: Deps, pictures: ReadonlyMap<string, Image>): Promise<void> {
  await commit(deps, { key: 'demo-market:1', input: null }, async (tx) => {
    const at = { deps, now: deps.clock.now() };
    const communityId = deps.ids.next();
    const community = { id: communityId, name: 'Night Market', timeZone: 'Asia/Kuala_Lumpur', currency: CURRENCY };
    const rules = { locale: 'en', testMoney: true, cashConfirmLimit: 50_000, frozen: false };
    await tx.people.insertCommunity({ ...community, ...rules, createdAt: at.now });
    const hostId = await putPerson(tx, at, { name: HOST, communityId, role: 'owner' });
    const chatIds = await openChats(tx, at, { communityId, hostId });
    for (const picture of pictures.values()) await tx.catalog.insertImage(picture, at.now);
    for (const stall of DEMO_STALLS) await openStall(tx, at, { stall, communityId, chatIds, pictures });
    return null;
  });
}

async function putPerson(
  tx: Tx,
  at: When,
  { name, communityId, role }: { name: string; communityId: string; role: 'owner' | 'member' },
): Promise<string> {
  const id = at.deps.ids.next();
  await tx.people.insertPerson({ id, name, locale: 'en', currency: null, createdAt: at.now });
  await tx.people.putMember(communityId, id, role, at.now);
  return id;
}

type ChatIds = Readonly<Record<DemoChat, string>>;

async function openChats(tx: Tx, at: When, to: { communityId: string; hostId: string }): Promise<ChatIds> {
  const chatIds = { 'night-market': at.deps.ids.next(), 'bargain-corner': at.deps.ids.next() };
  for (const name of ['night-market', 'bargain-corner'] as const) {
    const { title, welcome } = CHATS[name];
    const chatId = chatIds[name];
    await tx.people.insertChat({
      id: chatId,
      communityId: to.communityId,
      platform: 'web',
      platformChatId: name,
      title,
    });
    const message = { id: at.deps.ids.next(), audience: { chatId }, key: 'welcome', authorId: to.hostId };
    await tx.web.put({ ...message, text: welcome, view: null }, at.now);
  }
  return chatIds;
}

type Place = {
  readonly stall: DemoStall;
  readonly communityId: string;
  readonly chatIds: ChatIds;
  readonly pictures: ReadonlyMap<string, Image>;
};

async function openStall(tx: Tx, at: When, { stall, communityId, chatIds, pictures }: Place): Promise<void> {
  const ownerId = await putPerson(tx, at, { name: stall.seller, communityId, role: 'member' });
  const shop = { id: at.deps.ids.next(), communityId, ownerId, name: stall.name };
  await tx.people.insertShop({ ...shop, state: 'approved', createdAt: at.now });
  await openShop(tx, at, shop);
  for (const product of stall.products) {
    const facts = factsOf(product, pictures);
    const chats = product.chats.map((chat) => chatIds[chat]);
    await addProduct(tx, at, { communityId, shopId: shop.id, kind: product.kind, facts, chatIds: chats });
  }
}

function factsOf({ kind, picture, form }: DemoProduct, pictures: ReadonlyMap<string, Image>) {
  const imageDigest = pictures.get(picture)?.digest ?? '';
  const facts = parseProductForm(kind, { ...form, imageDigest }, CURRENCY);
  // The goods are ours: a form that is refused is a mistake in this repository.
  if (!facts.ok)
    throw new Error(`Demo product ${form.title}: ${facts.fault.code} ${JSON.stringify(facts.fault.params)}`);
  return facts.value;
}
