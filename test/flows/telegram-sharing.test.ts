// A product finds its way into other chats: inline, by a link, and as a picture that a phone can read.
import { decode } from 'fast-png';
import decodeQr from 'qr/decode.js';
import sharp from 'sharp';
import { assert, property, uuid } from 'fast-check';
import { expect, test } from 'vitest';
import { productIn, productStart } from '../../adapters/telegram/product-link.ts';
import { drawQr } from '../../adapters/telegram/qr.ts';
import { joiner, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';

async function opened() {
  const bot = await startBotMarket();
  const stall = await openStall(bot);
  await stall.sells('Mango box | 12.50 | 2 | Ripe today');
  await stall.sells('Papaya | 4.00 | 9 | Sweet');
  const buyer = await joiner(bot, stall.group, { firstName: 'Budi', started: true });
  // Somebody of this market from their first word on.
  buyer.says(stall.group, '/orders');
  await bot.settle();
  return { bot, stall, buyer };
}

test('every product has a link that names it alone', () => {
  assert(
    property(uuid(), (id) => {
      const start = productStart(id);
      return /^[\w-]{23}$/.test(start) && productIn(start) === id;
    }),
  );
  for (const odd of ['', 'p', 'setup', `p${'a'.repeat(23)}`, `u${'a'.repeat(22)}`])
    expect(productIn(odd)).toBeUndefined();
});

test('the picture of a link reads as that link', async () => {
  const text = `https://t.me/pasar_test_bot?start=${productStart('0192f3a0-1234-7abc-8def-0123456789ab')}`;
  const { bytes, width, height } = await drawQr(text);
  const { data } = decode(bytes);
  const rgba = new Uint8Array(width * height * 4).map((_, index) => (index % 4 === 3 ? 255 : (data[index >> 2] ?? 0)));
  expect(decodeQr({ width, height, data: rgba })).toBe(text);
});

test('a seller gets the link and its picture; whoever follows it sees the product and can buy it', async () => {
  const { bot, stall } = await opened();
  const { seller } = stall;
  seller.says('private', '/menu');
  await bot.settle();
  await tap(bot, seller, withButton(seller, 'private', /^Shop/), /^Shop/);
  await tap(bot, seller, withButton(seller, 'private', /^(1\. )?Edit/), /^(1\. )?Edit/);
  const panel = withButton(seller, 'private', 'QR code');
  const shared = new URL(seller.opens(panel, 'Share the product')).searchParams.get('url') ?? '';
  expect(shared).toMatch(/^https:\/\/t\.me\/pasar_test_bot\?start=p[\w-]{22}$/);
  await tap(bot, seller, panel, 'QR code');
  const picture = seller.sees('private').findLast((seen) => seen.text.includes(shared));
  const { content } = picture?.stored ?? {};
  if (content?.kind !== 'photo') throw new Error('no picture was sent');
  const { data, info } = await sharp(content.file.bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(decodeQr({ width: info.width, height: info.height, data: new Uint8Array(data) })).toBe(shared);

  const stranger = bot.fake.person({ firstName: 'Noor', languageCode: 'es' });
  stranger.follows(shared);
  await bot.settle();
  const choice = withButton(stranger, 'private', 'Comprar');
  await tap(bot, stranger, choice, 'Comprar');
  expect(read(stranger, 'private', /Pedido \w+/).text).toMatch(/Papaya|Mango box/);
  await bot.market.verify();
});

test('inline: by the words of a title, only what this person’s markets sell, and the card follows the product', async () => {
  const { bot, stall, buyer } = await opened();
  const { fake } = bot;
  const stranger = fake.person({ firstName: 'Sam' });
  expect((await stranger.asksInline('mango')).results).toEqual([]);
  expect((await buyer.asksInline('')).results).toHaveLength(2);
  expect((await buyer.asksInline('durian')).results).toEqual([]);
  const answer = await buyer.asksInline('BOX mango');
  expect(answer.results).toHaveLength(1);
  expect(fake.calls('answerInlineQuery').at(-1)?.params).toMatchObject({ is_personal: true });
  const [result] = answer.results;
  if (!result) throw new Error('nothing was found');

  const other = fake.group({ title: 'Elsewhere', creator: buyer, members: [] });
  const card = buyer.picksInline({ result, query: 'mango' }, other);
  expect(card.text).toMatch(/Mango box[^]*2 left/);
  await bot.settle();
  // Sold in its own group, the copy in the foreign one follows.
  await tap(bot, buyer, read(buyer, stall.group, 'Mango box'), 'Buy');
  expect(buyer.looksAgain(card)?.text).toMatch(/1 left/);
  const followed = buyer.opens(card, 'Look and buy');
  expect(followed).toMatch(/start=p/);
  await bot.settle();
  expect(withButton(buyer, 'private', 'Add to basket').text).toMatch(/Mango box/);
  // Chats of messages are no chats to post in.
  const chats = await bot.market.store.read(async (reads) => {
    const chat = await reads.people.chatByPlatform('telegram', String(stall.group.id));
    return reads.people.chats(chat?.communityId ?? '');
  });
  expect(chats.map((one) => one.title)).toEqual(['Night Owls']);
  await bot.market.verify();
});
