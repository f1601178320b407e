// What does not fit into a message: all of it comes as a file, to its owner alone.
import { expect, test } from 'vitest';
import {
  aside,
  type BotMarket,
  joiner,
  openStall,
  read,
  type Stall,
  startBotMarket,
  tap,
} from '../support/telegram-market.ts';
import { form } from '../support/world.ts';

const CODES = Array.from({ length: 300 }, (_, n) => `CODE-${String(n).padStart(4, '0')}-${'x'.repeat(12)}`);

async function postsCodes({ market, settle }: BotMarket, { seller, group }: Stall) {
  const at = await market.store.read(async (reads) => {
    const personId = (await reads.people.personByIdentity('telegram', String(seller.id))) ?? '';
    const chat = await reads.people.chatByPlatform('telegram', String(group.id));
    const [shop] = await reads.people.shops(chat?.communityId ?? '');
    return { personId, communityId: chat?.communityId ?? '', shopId: shop?.id ?? '', chatIds: [chat?.id ?? ''] };
  });
  const digital = { title: 'Keys', price: '0', otherPrices: '', pickup: false, digitalCodes: CODES.join('\n') };
  const { personId, communityId, ...post } = at;
  const intent = { kind: 'post_product', ...post, productKind: 'digital', form: { ...form, ...digital } } as const;
  const posted = await market.core.handle({ key: 'post', personId, communityId, chatId: null, intent });
  if (!posted.ok || posted.show?.name !== 'notice') throw new Error(JSON.stringify(posted));
  await settle();
  const [listing] = await market.store.read((reads) =>
    reads.catalog.listings(posted.show?.name === 'notice' ? (posted.show.objectId ?? '') : ''),
  );
  return { communityId, listingId: listing?.id ?? '' };
}

test('an order of 300 codes is a panel that says so, and one file with every code, in private', async () => {
  const bot = await startBotMarket();
  const stall = await openStall(bot);
  const { communityId, listingId } = await postsCodes(bot, stall);
  const buyer = await joiner(bot, stall.group, { firstName: 'Budi', started: true });
  buyer.says(stall.group, '/shop');
  await bot.settle();
  const personId =
    (await bot.market.store.read((reads) => reads.people.personByIdentity('telegram', String(buyer.id)))) ?? '';
  const intent = { kind: 'buy', listingId, quantity: CODES.length } as const;
  const bought = await bot.market.core.handle({ key: 'buy', personId, communityId, chatId: null, intent });
  expect(bought.ok).toBe(true);
  await bot.settle();

  const panel = read(buyer, 'private', /Receipt \w+/);
  expect(panel.text).toContain('CODE-0000');
  expect(panel.text).not.toContain('CODE-0299');
  expect(panel.text).toContain('Everything is in the file');
  const files = () => buyer.sees('private').filter(({ document }) => document !== undefined);
  expect(files()).toHaveLength(1);
  const text = files()[0]?.document?.bytes.toString('utf8') ?? '';
  expect(CODES.every((code) => text.includes(code))).toBe(true);
  expect(files()[0]?.document?.name).toBe('order.txt');

  // Drawn again unchanged, it is not sent again; in the group it is not shown whole to anybody.
  buyer.says(stall.group, '/orders');
  await bot.settle();
  await tap(bot, buyer, aside(buyer, stall.group), 'Open the order');
  expect(aside(buyer, stall.group).text).toContain('Everything is in the file');
  expect(files()).toHaveLength(1);
  expect(stall.seller.sees(stall.group).some(({ text: words }) => words.includes('CODE-'))).toBe(false);
  await bot.market.verify();
});
