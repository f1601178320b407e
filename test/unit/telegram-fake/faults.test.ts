import { GrammyError, HttpError } from 'grammy';
import { describe, expect, test } from 'vitest';
import { refusalOf, setStage } from './kit.ts';

describe('faults', () => {
  test('a storm of 429 meets one chat until it ends', async () => {
    const { api, fake, ana, bob } = await setStage();
    ana.starts();
    bob.starts();
    const end = fake.faults.storm(3, ana.id);
    const refused = await api.sendMessage(ana.id, 'x').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(GrammyError);
    expect(refused).toMatchObject({ error_code: 429, parameters: { retry_after: 3 } });
    await api.sendMessage(bob.id, 'x');
    end();
    await api.sendMessage(ana.id, 'x');
    expect(fake.invalidRequests).toEqual([]);
  });

  test('the next calls of a method fail with a status, and those after them do not', async () => {
    const { api, fake, ana } = await setStage();
    ana.starts();
    fake.faults.status(502, { method: 'sendMessage', times: 2 });
    await api.sendChatAction(ana.id, 'typing');
    expect(await refusalOf(api.sendMessage(ana.id, 'x'))).toBe('Bad Gateway');
    expect(await refusalOf(api.sendMessage(ana.id, 'x'))).toBe('Bad Gateway');
    await api.sendMessage(ana.id, 'x');
    expect(fake.actions).toEqual([{ chatId: ana.id, action: 'typing' }]);
  });

  test('a socket is cut before the work or after it', async () => {
    const { api, fake, ana } = await setStage();
    ana.starts();
    fake.faults.drop('before');
    await expect(api.sendMessage(ana.id, 'lost request')).rejects.toBeInstanceOf(HttpError);
    fake.faults.drop('after');
    await expect(api.sendMessage(ana.id, 'lost answer')).rejects.toBeInstanceOf(HttpError);
    expect(ana.finds('private', 'lost request')).toBeUndefined();
    expect(ana.finds('private', 'lost answer')).toBeDefined();
  });

  test('a lost answer to getUpdates loses no update', async () => {
    const { api, fake, ana, poll } = await setStage();
    ana.starts();
    fake.faults.drop('after', { method: 'getUpdates' });
    await expect(api.getUpdates()).rejects.toBeInstanceOf(HttpError);
    expect(await poll()).toHaveLength(1);
  });

  test('a forged tap carries whatever data its sender likes', async () => {
    const { api, fake, ana, bob, poll, skip } = await setStage();
    ana.starts();
    await api.sendMessage(ana.id, 'Bill');
    await skip();
    fake.forge('refund:all', bob, await ana.waitsFor('private', 'Bill'));
    expect((await poll())[0]?.callback_query).toMatchObject({ data: 'refund:all', from: { id: bob.id } });
  });

  test('a tap on a deleted message names only where it was', async () => {
    const { api, fake, ana, group, olga, poll, skip } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Card');
    const card = await ana.waitsFor(group, 'Card');
    olga.deletes(card);
    await skip();
    fake.forge('b', ana, card);
    const message = (await poll())[0]?.callback_query?.message;
    expect(message).toMatchObject({ chat: { id: group.id }, message_id: card.messageId, date: 0 });
    expect(message).not.toHaveProperty('text');
  });
});

describe('inline mode', () => {
  test('a result becomes a message with live buttons in a chat without the bot', async () => {
    const { api, fake, ana, group, poll, skip } = await setStage();
    const asking = ana.asksInline('mango');
    const [asked] = await poll();
    expect(asked?.inline_query).toMatchObject({ query: 'mango', from: ana.user });
    await api.answerInlineQuery(asked?.inline_query?.id ?? '', [
      {
        ...{ type: 'article', id: 'mango-1', title: 'Mango box' },
        input_message_content: { message_text: '<b>Mango box</b>', parse_mode: 'HTML' },
        reply_markup: { inline_keyboard: [[{ text: 'Buy', callback_data: 'buy:1' }]] },
      },
    ]);
    const { results } = await asking;
    const [result] = results;
    if (!result) throw new Error('no result');
    const card = ana.picksInline({ result, query: 'mango' }, group);
    const inlineId = (await poll())[0]?.chosen_inline_result?.inline_message_id ?? '';
    await skip();
    ana.taps(card, 'Buy');
    expect((await poll())[0]?.callback_query).toMatchObject({ data: 'buy:1', inline_message_id: inlineId });
    await api.editMessageTextInline(inlineId, 'Sold out');
    expect(ana.looksAgain(card)?.text).toBe('Sold out');
    expect(fake.invalidRequests).toEqual([]);
  });
});

describe('limits of speed', () => {
  test('the twenty-first message of a minute into a group is answered with 429', async () => {
    const { api, fake, group, olga, clock } = await setStage({ limits: true });
    olga.addsBot(group);
    for (let count = 0; count < 20; count++) {
      await api.sendMessage(group.id, `message ${count}`);
      clock.passes(1_000);
    }
    const refused = await api.sendMessage(group.id, 'one more').catch((error: unknown) => error);
    expect(refused).toMatchObject({ error_code: 429, parameters: { retry_after: 40 } });
    expect(fake.mostWithin(60_000, group.id)).toBe(20);
    expect(fake.mostWithin(1_000)).toBe(1);
    clock.passes(40_000);
    await api.sendMessage(group.id, 'one more');
  });
});
