import { InlineKeyboard, InputFile, InputMediaBuilder } from 'grammy';
import { describe, expect, test } from 'vitest';
import { picture, refusalOf, setStage } from './kit.ts';

describe('sending', () => {
  test('a message of HTML is shown as its text with entities', async () => {
    const { api, ana } = await setStage();
    ana.starts();
    const html = '<b>Mango &amp; lime</b> <a href="https://pasar.example/x">here</a>';
    const sent = await api.sendMessage(ana.id, html, { parse_mode: 'HTML' });
    expect(sent.entities).toEqual([
      { type: 'bold', offset: 0, length: 12 },
      { type: 'text_link', offset: 13, length: 4, url: 'https://pasar.example/x' },
    ]);
    expect(ana.finds('private', 'Mango')?.text).toBe('Mango & lime here');
  });

  test('nobody is written to who never started the bot, blocked it or is gone', async () => {
    const { api, ana, bob, olga } = await setStage();
    expect(await refusalOf(api.sendMessage(ana.id, 'hello'))).toBe(
      "Forbidden: bot can't initiate conversation with a user",
    );
    ana.starts();
    await api.sendMessage(ana.id, 'hello');
    ana.blocks();
    expect(await refusalOf(api.sendMessage(ana.id, 'hello'))).toBe('Forbidden: bot was blocked by the user');
    bob.starts();
    bob.deletesAccount();
    expect(await refusalOf(api.sendMessage(bob.id, 'hello'))).toBe('Forbidden: user is deactivated');
    expect(await refusalOf(api.sendMessage(1, 'hello'))).toBe('Bad Request: chat not found');
    olga.starts();
    expect(olga.sees('private')).toHaveLength(1);
  });

  test('a photo goes up once and is sent again by its file_id', async () => {
    const { api, ana, fake } = await setStage();
    ana.starts();
    const bytes = await picture(60, 40);
    const sent = await api.sendPhoto(ana.id, new InputFile(bytes, 'mango.jpg'), {
      caption: '<i>Mango</i>',
      parse_mode: 'HTML',
      reply_markup: new InlineKeyboard().text('Buy', 'b:1'),
    });
    expect(sent.photo[0]).toMatchObject({ width: 60, height: 40, file_size: bytes.length });
    const again = await api.sendPhoto(ana.id, sent.photo[0]?.file_id ?? '');
    expect(again.photo).toEqual(sent.photo);
    const path = (await api.getFile(sent.photo[0]?.file_id ?? '')).file_path;
    const file = await fetch(`${fake.apiRoot}/file/bot${fake.token}/${path}`);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
    expect(ana.finds('private', 'Mango')).toMatchObject({ text: 'Mango', labels: ['Buy'] });
    expect(fake.invalidRequests).toEqual([]);
  });

  test('a document arrives with its name and bytes', async () => {
    const { api, ana } = await setStage();
    ana.starts();
    await api.sendDocument(ana.id, new InputFile(Buffer.from('a;b'), 'orders.csv'), { caption: 'Your orders' });
    expect(ana.finds('private', 'Your orders')?.document).toEqual({ name: 'orders.csv', bytes: Buffer.from('a;b') });
  });

  test('a message goes into a forum topic that is there and open', async () => {
    const { api, olga, fake } = await setStage();
    const forum = fake.group({ title: 'Forum', creator: olga, forum: true });
    olga.addsBot(forum);
    const topic = forum.topic('For sale');
    const sent = await api.sendMessage(forum.id, 'Card', { message_thread_id: topic });
    expect(sent.message_thread_id).toBe(topic);
    expect(await refusalOf(api.sendMessage(forum.id, 'Card', { message_thread_id: 999 }))).toContain(
      'thread not found',
    );
    forum.closesTopic(topic);
    expect(await refusalOf(api.sendMessage(forum.id, 'Card', { message_thread_id: topic }))).toContain('TOPIC_CLOSED');
  });
});

describe('editing', () => {
  test('an edit changes what is seen, and the same edit again is "not modified"', async () => {
    const { api, ana } = await setStage();
    ana.starts();
    const { message_id: id } = await api.sendMessage(ana.id, 'Stock 3', {
      reply_markup: new InlineKeyboard().text('Buy', 'b'),
    });
    await api.editMessageText(ana.id, id, 'Stock 2', { reply_markup: new InlineKeyboard().text('Buy', 'b') });
    expect(ana.finds('private', 'Stock')).toMatchObject({ text: 'Stock 2', isEdited: true });
    const same = api.editMessageText(ana.id, id, '<b></b>Stock 2', {
      parse_mode: 'HTML',
      reply_markup: new InlineKeyboard().text('Buy', 'b'),
    });
    expect(await refusalOf(same)).toContain('message is not modified');
    await api.editMessageReplyMarkup(ana.id, id);
    expect(ana.finds('private', 'Stock')?.labels).toEqual([]);
  });

  test('text, caption and media are edited by their own methods', async () => {
    const { api, ana } = await setStage();
    ana.starts();
    const text = await api.sendMessage(ana.id, 'Card');
    const photo = await api.sendPhoto(ana.id, new InputFile(await picture()), { caption: 'Mango' });
    expect(await refusalOf(api.editMessageText(ana.id, photo.message_id, 'x'))).toContain('there is no text');
    expect(await refusalOf(api.editMessageCaption(ana.id, text.message_id, { caption: 'x' }))).toContain('no caption');
    await api.editMessageCaption(ana.id, photo.message_id, { caption: 'Mango, sold out' });
    const media = InputMediaBuilder.photo(new InputFile(await picture(80, 80)), { caption: 'Card with a picture' });
    await api.editMessageMedia(ana.id, text.message_id, media);
    expect(
      ana
        .sees('private')
        .slice(1)
        .map((seen) => seen.text),
    ).toEqual(['Card with a picture', 'Mango, sold out']);
    expect(ana.finds('private', 'with a picture')?.photoId).toBeDefined();
  });

  test('a deleted message is neither edited nor deleted again', async () => {
    const { api, ana, group, olga } = await setStage();
    olga.addsBot(group);
    const { message_id: id } = await api.sendMessage(group.id, 'Card');
    const card = ana.finds(group, 'Card');
    if (!card) throw new Error('no card');
    expect(() => ana.deletes(card)).toThrow('may not delete');
    olga.deletes(card);
    expect(ana.finds(group, 'Card')).toBeUndefined();
    expect(await refusalOf(api.editMessageText(group.id, id, 'x'))).toBe('Bad Request: message to edit not found');
    expect(await refusalOf(api.deleteMessage(group.id, id))).toBe('Bad Request: message to delete not found');
  });

  test("only an administrator's bot deletes what others wrote, and nothing old without the right", async () => {
    const { api, ana, group, olga, clock } = await setStage();
    olga.addsBot(group);
    const spam = ana.says(group, '/spam');
    expect(await refusalOf(api.deleteMessage(group.id, spam.messageId))).toContain("message can't be deleted");
    const mine = await api.sendMessage(group.id, 'old card');
    clock.passes(49 * 3_600_000);
    expect(await refusalOf(api.deleteMessage(group.id, mine.message_id))).toContain("can't be deleted for everyone");
    olga.promotes(group, 'bot', { can_delete_messages: true });
    await api.deleteMessage(group.id, spam.messageId);
    await api.deleteMessage(group.id, mine.message_id);
    expect(ana.sees(group).filter((seen) => seen.text !== '')).toEqual([]);
  });
});

describe('taps', () => {
  test('a tap brings the data of the button, and its answer reaches the person', async () => {
    const { api, ana, group, olga, poll, skip, fake, clock } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Mango', {
      reply_markup: new InlineKeyboard().text('Buy', 'buy:1').url('Shop', 'https://shop.example'),
    });
    await skip();
    const card = await ana.waitsFor(group, 'Mango');
    const tap = ana.taps(card, 'Buy');
    const [update] = await poll();
    expect(update?.callback_query).toMatchObject({
      id: tap.id,
      data: 'buy:1',
      from: ana.user,
      message: { message_id: card.messageId },
    });
    await api.answerCallbackQuery(tap.id, { text: 'One moment', show_alert: true });
    expect(await tap.answered()).toEqual({ text: 'One moment', showAlert: true, url: undefined });
    expect(() => ana.taps(card, 'Sell')).toThrow('There is no button Sell; there are: Buy | Shop');
    expect(() => ana.taps(card, 'Shop')).toThrow('sends nothing');
    expect(ana.opens(card, 'Shop')).toBe('https://shop.example');
    const late = ana.taps(card, 'Buy');
    clock.passes(151_000);
    expect(await refusalOf(api.answerCallbackQuery(late.id))).toContain('query is too old');
    expect(fake.invalidRequests).toEqual([]);
  });

  test('a button that was edited away is tapped only as an old one, or forged', async () => {
    const { api, ana, bob, poll, skip } = await setStage();
    ana.starts();
    const { message_id: id } = await api.sendMessage(ana.id, 'Bill', {
      reply_markup: new InlineKeyboard().text('Pay', 'p'),
    });
    const bill = await ana.waitsFor('private', 'Bill');
    await api.editMessageText(ana.id, id, 'Paid', {
      reply_markup: { inline_keyboard: [[{ text: 'Pay', disabled: {} }]] },
    });
    await skip();
    expect(() => ana.taps(bill, 'Pay')).toThrow('is disabled');
    expect(() => bob.taps(bill, 'Pay')).toThrow('does not see that message');
    ana.taps(bill, 'Pay', { old: true });
    expect((await poll()).map((update) => update.callback_query?.data)).toEqual(['p']);
  });

  test('a deep link button starts the bot with its parameter', async () => {
    const { api, ana, group, olga, poll, skip, fake } = await setStage();
    olga.addsBot(group);
    const url = `https://t.me/${fake.bot.username}?start=order_77`;
    await api.sendMessage(group.id, 'Continue', { reply_markup: new InlineKeyboard().url('Open', url) });
    await skip();
    ana.opens(await ana.waitsFor(group, 'Continue'), 'Open');
    expect((await poll())[0]?.message).toMatchObject({ text: '/start order_77', chat: { type: 'private' } });
    await api.sendMessage(ana.id, 'Now I may write');
  });
});
