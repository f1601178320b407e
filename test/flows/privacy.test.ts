// What is kept about a person: all of it in their hands, and gone at their word, while the books stay true.
import { expect, test } from 'vitest';
import { startMarket } from '../support/market.ts';
import { joiner, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';

const LINE = 'Mango box | 12.50 | 20 | Ripe today';

async function bought() {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi Secret', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  await tap(bot, buyer, withButton(buyer, 'private', /^Pay cash/), /^Pay cash/);
  const idOf = () => bot.market.store.read((reads) => reads.people.personByIdentity('telegram', String(buyer.id)));
  const pays = async () => {
    await tap(bot, seller, read(seller, 'private', /Sale \w+ · Waiting for payment/), 'Money received');
    await tap(bot, seller, withButton(seller, 'private', 'No, leave it'), 'Money received');
  };
  const wishesToGo = async () => {
    buyer.says('private', '/privacy');
    await bot.settle();
    await tap(bot, buyer, withButton(buyer, 'private', 'Erase me'), 'Erase me');
    await tap(bot, buyer, withButton(buyer, 'private', 'No, leave it'), 'Erase me');
  };
  return { bot, seller, group, buyer, idOf, pays, wishesToGo };
}

test('a person gets all that is kept about them as one document, in private', async () => {
  const { bot, buyer, group, pays } = await bought();
  await pays();
  buyer.says('private', '/privacy');
  await bot.settle();
  await tap(bot, buyer, withButton(buyer, 'private', 'Get my data'), 'Get my data');
  const file = buyer.sees('private').find(({ document }) => document?.name === 'pasar-data.json')?.document;
  const data = JSON.parse(file?.bytes.toString('utf8') ?? '') as {
    person: { name: string };
    identities: { platform: string; userId: string }[];
    orders: { total: number; state: string; payments: { amount: number }[] }[];
  };
  expect(data.person.name).toBe('Budi Secret');
  expect(data.identities).toMatchObject([{ platform: 'telegram', userId: String(buyer.id) }]);
  expect(data.orders).toMatchObject([{ total: 1250, state: 'paid', payments: [{ amount: 1250 }] }]);
  // Nobody else gets it, and it is not shown in the group.
  expect(buyer.sees(group).some(({ document }) => document !== undefined)).toBe(false);
});

test('nobody is erased while others wait for them; then nothing of theirs can be read, and every sum stands', async () => {
  const { bot, seller, buyer, idOf, pays, wishesToGo } = await bought();
  const { store } = bot.market;
  await wishesToGo();
  expect(read(buyer, 'private', 'while an order of yours is open')).toBeDefined();
  await pays();
  await wishesToGo();
  expect(await idOf()).toBeDefined();
  const receipt = withButton(buyer, 'private', 'I have received it');
  await tap(bot, buyer, receipt, 'I have received it');
  const asked = buyer.looksAgain(receipt);
  if (!asked) throw new Error('The question does not stand where the receipt stood.');
  await tap(bot, buyer, asked, 'I have received it');
  const personId = (await idOf()) ?? '';
  const [order] = await store.read((reads) => reads.orders.ordersOf(personId, 10));

  await wishesToGo();
  expect(read(buyer, 'private', 'You are forgotten.')).toBeDefined();
  const left = await store.read(async (reads) => ({
    identity: await reads.people.personByIdentity('telegram', String(buyer.id)),
    name: (await reads.people.person(personId))?.name,
    address: await reads.platforms.address(personId, 'telegram'),
    communities: await reads.platforms.communitiesOf(personId),
    order: await reads.orders.order(order?.id ?? ''),
    capture: (await reads.payments.captures(order?.id ?? ''))[0]?.amount,
    audit: (await reads.audit.auditOf(personId)).map(({ deed }) => deed),
  }));
  expect(left).toMatchObject({ identity: undefined, name: '', address: undefined, communities: [], capture: 1250 });
  expect(left.order).toMatchObject({ state: 'closed', total: 1250 });
  expect(left.audit.filter((deed) => deed === 'person.erase')).toHaveLength(1);
  expect(
    seller
      .sees('private')
      .filter(({ text }) => text.startsWith('Sale'))
      .some(({ text }) => text.includes('Budi')),
  ).toBe(false);
  await bot.market.verify();

  // Whoever comes again is somebody new.
  buyer.says('private', '/orders');
  await bot.settle();
  expect(buyer.sees('private').at(-1)?.text).not.toContain('Mango box');
  await bot.market.verify();
});

test('whoever sells or runs the market is told what to do first', async () => {
  const { bot, seller } = await bought();
  seller.says('private', '/privacy');
  await bot.settle();
  await tap(bot, seller, withButton(seller, 'private', 'Erase me'), 'Erase me');
  await tap(bot, seller, withButton(seller, 'private', 'No, leave it'), 'Erase me');
  expect(read(seller, 'private', 'while you sell here')).toBeDefined();
});

test('on the web the same: the document on the screen, and after erasing the seat is nobody’s', async () => {
  const market = await startMarket();
  const visitor = await market.visitor('Wen Secret');
  const viewer = { communityId: market.communityId, personId: visitor.personId };
  const data = await market.core.load({ name: 'my_data' }, viewer);
  expect(data.ok && data.value.json).toContain('Wen Secret');
  const erase = { ...viewer, chatId: null, intent: { kind: 'erase_me' } } as const;
  const first = await market.core.handle({ ...erase, key: 'erase' });
  expect(first).toEqual({ ok: true, show: null });
  // The same wish again has the same answer and no second effect; another one finds nobody.
  expect(await market.core.handle({ ...erase, key: 'erase' })).toEqual(first);
  expect(await market.core.handle({ ...erase, key: 'again' })).toMatchObject({ ok: false });
  expect(await market.core.load({ name: 'my_data' }, viewer)).toMatchObject({ ok: false });
  await expect(visitor.messages()).rejects.toThrow();
  await market.verify();
});
