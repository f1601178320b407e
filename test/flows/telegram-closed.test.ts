// Buyers whose private chat is closed: nothing is lost, and nothing of theirs is shown to others.
import { expect, test } from 'vitest';
import type { FakeGroup } from '../support/telegram/group.ts';
import type { FakePerson } from '../support/telegram/person.ts';
import {
  aside,
  type BotMarket,
  joiner,
  openStall,
  read,
  startBotMarket,
  tap,
  withButton,
} from '../support/telegram-market.ts';
import { form } from '../support/world.ts';

const LINE = 'Mango box | 12.50 | 20 | Ripe today';
const CLAIM = 'Claim your purchase';

/** What everybody reads in the group. */
const inPublic = (person: FakePerson, group: FakeGroup): string =>
  person
    .sees(group)
    .filter(({ ephemeralId }) => ephemeralId === undefined)
    .map(({ text }) => text)
    .join('\n');

/** Bought in the group, paid in cash to the seller. */
async function paysCash(
  bot: BotMarket,
  { seller, buyer, group }: Record<'seller' | 'buyer', FakePerson> & { group: FakeGroup },
) {
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  await tap(bot, buyer, aside(buyer, group), /cash/);
  await tap(bot, seller, read(seller, 'private', /Sale \w+ · Waiting for payment/), 'Money received');
  await tap(bot, seller, withButton(seller, 'private', 'No, leave it'), 'Money received');
}

test('a receipt of somebody who never started the bot is claimed at the card, by them alone, and is there when they start', async () => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi' });
  const other = await joiner(bot, group, { firstName: 'Mei' });
  await paysCash(bot, { seller, buyer, group });
  expect(aside(buyer, group).text).toMatch(/Receipt/);
  // Such a message may vanish, and nobody is told.
  buyer.restartsApp();

  const card = read(buyer, group, /^Mango box/);
  expect(card.labels).toContain(CLAIM);
  await tap(bot, other, read(other, group, /^Mango box/), CLAIM);
  expect(aside(other, group).text).toContain('Nothing waits for you here.');
  await tap(bot, buyer, card, CLAIM);
  await tap(bot, buyer, aside(buyer, group), 'Open the order');
  expect(aside(buyer, group).text).toMatch(/Receipt/);
  expect(inPublic(other, group)).not.toMatch(/Budi|Receipt|Order/);

  buyer.starts();
  await bot.settle();
  expect(read(buyer, 'private', /Receipt \w+/).labels).toContain('My orders');
  expect(read(buyer, group, /^Mango box/).labels).not.toContain(CLAIM);
  expect((await bot.market.store.read((reads) => reads.outbox.counts())).dead).toBe(0);
  await bot.market.verify();
});

test('codes of somebody who blocked the bot wait for them, and come once they unblock it', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  const { store, core } = bot.market;
  const at = await store.read(async (reads) => {
    const personId = (await reads.people.personByIdentity('telegram', String(seller.id))) ?? '';
    const chat = await reads.people.chatByPlatform('telegram', String(group.id));
    const [shop] = await reads.people.shops(chat?.communityId ?? '');
    return { personId, communityId: chat?.communityId ?? '', shopId: shop?.id ?? '', chatIds: [chat?.id ?? ''] };
  });
  const gift = {
    ...form,
    title: 'Gift card',
    price: '0',
    otherPrices: '',
    pickup: false,
    digitalCodes: 'AAAA-1\nBBBB-2',
  };
  const { personId, communityId, ...post } = at;
  const intent = { kind: 'post_product', ...post, productKind: 'digital', form: gift } as const;
  expect(await core.handle({ key: 'post', personId, communityId, chatId: null, intent })).toMatchObject({ ok: true });
  await bot.settle();

  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  const other = await joiner(bot, group, { firstName: 'Mei', started: true });
  buyer.blocks();
  await bot.settle();
  await tap(bot, buyer, read(buyer, group, /^Gift card/), /free/i);
  expect(read(buyer, group, /^Gift card/).labels).toContain(CLAIM);
  expect(inPublic(other, group)).not.toMatch(/AAAA-1|Budi/);
  expect(buyer.finds('private', 'AAAA-1')).toBeUndefined();

  buyer.unblocks();
  await bot.settle();
  expect(read(buyer, 'private', 'AAAA-1')).toBeDefined();
  expect(read(buyer, group, /^Gift card/).labels).not.toContain(CLAIM);
  await bot.market.verify();
});

test('a bot that is an administrator shows the receipt in the group again when the first one has gone', async () => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot, { admin: true });
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi' });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  await tap(bot, buyer, aside(buyer, group), /cash/);
  // Gone for the server as well.
  for (const seen of buyer.sees(group)) if (seen.ephemeralId !== undefined) seen.stored.deleted = true;
  await tap(bot, seller, read(seller, 'private', /Sale \w+ · Waiting for payment/), 'Money received');
  await tap(bot, seller, withButton(seller, 'private', 'No, leave it'), 'Money received');
  expect(aside(buyer, group).text).toMatch(/Receipt/);
  await bot.market.verify();
});

test('news of a closed chat is kept within bounds, and an unpaid bill that is over is no news', async () => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi' });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  await tap(bot, buyer, aside(buyer, group), 'Cancel the order');
  await tap(bot, buyer, aside(buyer, group), 'Cancel the order');
  expect(read(seller, group, /^Mango box/).labels).not.toContain(CLAIM);
  buyer.starts();
  await bot.settle();
  expect(buyer.finds('private', 'Cancelled')).toBeUndefined();
});

test('where an app ignores the link into an open chat, the key under the field goes on', async () => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = bot.fake.person({ firstName: 'Budi', languageCode: 'es', ios: true });
  buyer.joins(group);
  buyer.starts();
  await bot.settle();
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  expect(read(buyer, 'private', 'Las teclas de abajo')).toBeDefined();
  buyer.says('private', '▶️ Continuar');
  await bot.settle();
  expect(buyer.sees('private').at(-1)?.text).toContain('Pendiente de pago');
  buyer.says('private', '🧾 Mis pedidos');
  await bot.settle();
  expect(buyer.sees('private').at(-1)?.text).toContain('Mis pedidos');
});
