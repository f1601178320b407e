import { InlineKeyboard } from 'grammy';
import { describe, expect, test } from 'vitest';
import { picture, setStage } from './kit.ts';

describe('people', () => {
  test('what a person writes comes with its marks, its photo and the message it answers', async () => {
    const { api, ana, poll, skip, fake } = await setStage();
    ana.starts();
    await api.sendMessage(ana.id, 'Send a photo');
    await skip();
    const photo = await picture(90, 90);
    ana.says('private', '/sell Mango for @bob_buys https://a.example', {
      photo,
      album: 'a1',
      replyTo: await ana.waitsFor('private', 'Send a photo'),
    });
    const message = (await poll())[0]?.message;
    expect(message).toMatchObject({ media_group_id: 'a1', reply_to_message: { text: 'Send a photo' } });
    expect(message?.caption_entities?.map((one) => one.type)).toEqual(['bot_command', 'mention', 'url']);
    expect(fake.file(message?.photo?.[0]?.file_id ?? '')).toEqual(photo);
  });

  test('an edit of what was written comes as edited_message', async () => {
    const { ana, poll, skip } = await setStage();
    const said = ana.says('private', '12.50');
    await skip();
    ana.edits(said, '13.50');
    expect((await poll())[0]?.edited_message).toMatchObject({ text: '13.50', message_id: said.messageId });
  });

  test('an administrator may write as the group itself, a member not', async () => {
    const { olga, ana, group, poll, skip } = await setStage();
    olga.addsBot(group);
    await skip();
    olga.says(group, '/sell', { anonymous: true });
    const message = (await poll())[0]?.message;
    expect(message).toMatchObject({ sender_chat: { id: group.id }, from: { username: 'GroupAnonymousBot' } });
    expect(() => ana.says(group, '/sell', { anonymous: true })).toThrow('Only an administrator');
    group.letsMembersWrite(false);
    expect(() => ana.says(group, '/shop')).toThrow('Members may not write');
  });

  test('a forward tells whose message it was and leaves the buttons behind', async () => {
    const { api, ana, group, olga, poll, skip, fake } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Mango', { reply_markup: new InlineKeyboard().text('Buy', 'b') });
    await skip();
    const seen = ana.forwards(await ana.waitsFor(group, 'Mango'), 'private');
    expect(seen.labels).toEqual([]);
    expect((await poll())[0]?.message?.forward_origin).toMatchObject({
      type: 'user',
      sender_user: { id: fake.bot.id },
    });
  });

  test('a forwarded invoice with a start parameter leads to the bot instead of being paid', async () => {
    const { api, ana, bob, group, poll, skip, fake } = await setStage();
    ana.starts();
    const prices = [{ label: 'Book', amount: 50 }];
    await api.sendInvoice(ana.id, 'E-book', 'A book', 'order:1', 'XTR', prices, { start_parameter: 'order_1' });
    ana.forwards(await ana.waitsFor('private', 'E-book'), group);
    await skip();
    const copy = bob.finds(group, 'E-book');
    if (!copy) throw new Error('no copy');
    await expect(bob.pays(copy)).rejects.toThrow('no Pay button');
    expect(bob.opens(copy, 'Open')).toBe(`https://t.me/${fake.bot.username}?start=order_1`);
    expect((await poll())[0]?.message?.text).toBe('/start order_1');
  });

  test('on iOS a deep link into an open chat brings no parameter', async () => {
    const { fake, poll, skip } = await setStage();
    const ivy = fake.person({ firstName: 'Ivy', ios: true });
    ivy.follows(`https://t.me/${fake.bot.username}?start=one`);
    expect((await poll())[0]?.message?.text).toBe('/start one');
    ivy.follows(`https://t.me/${fake.bot.username}?start=two`);
    await skip();
    expect(fake.updates).toHaveLength(1);
  });

  test('every human action is counted, and every spinner that still turns is known', async () => {
    const { api, ana, clock, fake, skip } = await setStage();
    ana.starts();
    const link = await api.createInvoiceLink('E-book', 'A book', 'order:1', '', 'XTR', [{ label: 'Book', amount: 50 }]);
    const buttons = new InlineKeyboard().text('Buy', 'b').url('Pay', link);
    await api.sendMessage(ana.id, 'Mango', { reply_markup: buttons });
    await skip();
    const card = await ana.waitsFor('private', 'Mango');
    const tap = ana.taps(card, 'Buy');
    expect(fake.unansweredTaps).toEqual([tap.id]);
    clock.passes(700);
    await api.answerCallbackQuery(tap.id);
    expect(tap.waitedMs).toBe(700);
    expect(fake.unansweredTaps).toEqual([]);
    const paying = ana.pays(ana.opens(card, 'Pay'));
    const asked = await fake.until(() => fake.updates.at(-1)?.pre_checkout_query, 'the last question');
    clock.passes(900);
    await api.answerPreCheckoutQuery(asked.id, true);
    expect(await paying).toMatchObject({ paid: true, waitedMs: 900 });
    expect(ana.actions).toEqual(['starts', 'taps Buy', 'opens Pay', 'confirms the payment']);
  });
});
