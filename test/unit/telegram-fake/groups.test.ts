import { InlineKeyboard } from 'grammy';
import { describe, expect, test } from 'vitest';
import { refusalOf, setStage } from './kit.ts';

describe('the bot in a group', () => {
  test('being added, promoted, demoted and kicked is told by my_chat_member', async () => {
    const { api, group, olga, poll } = await setStage();
    expect(await refusalOf(api.sendMessage(group.id, 'x'))).toBe(
      'Forbidden: bot is not a member of the supergroup chat',
    );
    olga.addsBot(group);
    olga.promotes(group, 'bot', { can_pin_messages: true });
    olga.demotes(group, 'bot');
    olga.kicks(group, 'bot');
    const changes = (await poll()).flatMap((update) => update.my_chat_member ?? []);
    const steps = changes.map((change) => [change.old_chat_member.status, change.new_chat_member.status]);
    expect(steps).toEqual([
      ['left', 'member'],
      ['member', 'administrator'],
      ['administrator', 'member'],
      ['member', 'kicked'],
    ]);
    expect(await refusalOf(api.sendMessage(group.id, 'x'))).toBe('Forbidden: bot was kicked from the supergroup chat');
  });

  test('with privacy mode on it reads commands and replies to it; as an administrator everything', async () => {
    const { api, ana, group, olga, poll, skip } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Which size?');
    await skip();
    ana.says(group, 'nice mangos');
    ana.says(group, '/shop');
    ana.says(group, '/shop@other_bot');
    ana.says(group, 'large', { replyTo: await ana.waitsFor(group, 'Which size') });
    expect((await poll()).map((update) => update.message?.text)).toEqual(['/shop', 'large']);
    olga.promotes(group, 'bot');
    await skip();
    ana.says(group, 'very nice');
    expect((await poll()).map((update) => update.message?.text)).toEqual(['very nice']);
  });

  test('administrators and members are told as they are', async () => {
    const { api, ana, group, olga, fake } = await setStage();
    olga.addsBot(group, { can_pin_messages: true });
    const admins = await api.getChatAdministrators(group.id);
    expect(admins.map((admin) => [admin.user.id, admin.status])).toEqual([
      [olga.id, 'creator'],
      [fake.bot.id, 'administrator'],
    ]);
    expect(await api.getChatMember(group.id, ana.id)).toMatchObject({ status: 'member', user: { id: ana.id } });
    expect(await api.getChatMember(group.id, fake.bot.id)).toMatchObject({
      can_pin_messages: true,
      can_delete_messages: false,
    });
    expect(await api.getChatMemberCount(group.id)).toBe(4);
  });

  test('pinning needs the right, and the pinned message is the one of getChat', async () => {
    const { api, ana, group, olga } = await setStage();
    olga.addsBot(group);
    const { message_id: id } = await api.sendMessage(group.id, 'On sale now');
    expect(await refusalOf(api.pinChatMessage(group.id, id))).toContain('not enough rights to manage pinned messages');
    olga.promotes(group, 'bot', { can_pin_messages: true });
    await api.pinChatMessage(group.id, id);
    expect(ana.finds(group, 'On sale')?.isPinned).toBe(true);
    expect((await api.getChat(group.id)).pinned_message?.message_id).toBe(id);
  });

  test('an upgraded group answers with its new id, and both chats tell it', async () => {
    const { api, fake, olga, ana, poll, skip } = await setStage();
    const small = fake.group({ title: 'Small', creator: olga, members: [ana], type: 'group' });
    olga.addsBot(small);
    const before = small.id;
    await api.sendMessage(before, 'Card');
    await skip();
    small.upgrades();
    const messages = (await poll()).flatMap((update) => update.message ?? []);
    expect(
      messages.map((message) => [message.chat.id, message.migrate_to_chat_id ?? message.migrate_from_chat_id]),
    ).toEqual([
      [before, small.id],
      [small.id, before],
    ]);
    await expect(api.sendMessage(before, 'Card')).rejects.toMatchObject({
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: small.id },
    });
    await api.sendMessage(small.id, 'Card again');
    expect(ana.sees(small).map((seen) => seen.text)).toEqual(['', 'Card again']);
  });

  test('a member sees no chat that they left', async () => {
    const { api, ana, group, olga } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Card');
    ana.leaves(group);
    expect(() => ana.sees(group)).toThrow('Ana is not in Fruit Street');
    await api.leaveChat(group.id);
    expect(await refusalOf(api.sendMessage(group.id, 'x'))).toContain('not a member');
  });
});

describe('commands', () => {
  test('a menu is the narrowest list in the language of the person', async () => {
    const { api, ana, bob, olga, group, fake } = await setStage();
    for (const person of [ana, bob, olga]) person.starts();
    await api.setMyCommands([{ command: 'shop', description: 'What is on sale' }]);
    await api.setMyCommands([{ command: 'shop', description: 'En venta' }], { language_code: 'es' });
    await api.setMyCommands([{ command: 'sell', description: 'Sell' }], { scope: { type: 'all_chat_administrators' } });
    expect(fake.menu(ana, group).map((one) => one.description)).toEqual(['En venta']);
    expect(fake.menu(bob, 'private').map((one) => one.description)).toEqual(['What is on sale']);
    expect(fake.menu(olga, group).map((one) => one.command)).toEqual(['sell']);
    expect(await api.getMyCommands({ language_code: 'es' })).toEqual([{ command: 'shop', description: 'En venta' }]);
  });
});

describe('ephemeral messages', () => {
  test('an answer to a tap is seen by that person alone, and edited by its own methods', async () => {
    const { api, ana, bob, group, olga, fake } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Mango', { reply_markup: new InlineKeyboard().text('Buy', 'b') });
    const tap = ana.taps(await ana.waitsFor(group, 'Mango'), 'Buy');
    const sent = await api.sendMessage(group.id, 'Your bill', {
      ephemeral_message_parameters: { receiver_user_id: ana.id, callback_query_id: tap.id },
      reply_markup: new InlineKeyboard().text('Cancel', 'c'),
    });
    expect(sent).toMatchObject({ message_id: 0, ephemeral_message_id: 1, receiver_user: { id: ana.id } });
    const bill = await ana.waitsFor(group, 'Your bill');
    expect(bob.finds(group, 'Your bill')).toBeUndefined();
    expect(() => bob.taps(bill, 'Cancel')).toThrow('does not see');
    await api.editEphemeralMessageText(group.id, ana.id, 1, 'Paid');
    expect(ana.looksAgain(bill)).toMatchObject({ text: 'Paid', labels: [] });
    await api.deleteEphemeralMessage(group.id, ana.id, 1);
    expect(ana.looksAgain(bill)).toBeUndefined();
    expect(await refusalOf(api.editEphemeralMessageText(group.id, ana.id, 1, 'x'))).toContain(
      'message to edit not found',
    );
    expect(fake.invalidRequests).toEqual([]);
  });

  test('the window is 15 seconds and for the one who tapped; an administrator may write at any time', async () => {
    const { api, ana, bob, group, olga, clock } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Mango', { reply_markup: new InlineKeyboard().text('Buy', 'b') });
    const { id } = ana.taps(await ana.waitsFor(group, 'Mango'), 'Buy');
    const toAna = { ephemeral_message_parameters: { receiver_user_id: ana.id, callback_query_id: id } };
    const toBob = { ephemeral_message_parameters: { receiver_user_id: bob.id, callback_query_id: id } };
    expect(await refusalOf(api.sendMessage(group.id, 'x', toBob))).toContain('QUERY_ID_INVALID');
    clock.passes(15_001);
    expect(await refusalOf(api.sendMessage(group.id, 'x', toAna))).toContain('not enough rights to send ephemeral');
    olga.promotes(group, 'bot', {});
    await api.sendMessage(group.id, 'Any time', { ephemeral_message_parameters: { receiver_user_id: bob.id } });
    expect(bob.finds(group, 'Any time')?.ephemeralId).toBe(1);
    bob.restartsApp();
    expect(bob.finds(group, 'Any time')).toBeUndefined();
    await api.editEphemeralMessageText(group.id, bob.id, 1, 'nobody sees this');
  });

  test('an ephemeral message stands in for the tapped one on that screen only', async () => {
    const { api, ana, bob, group, olga } = await setStage();
    olga.addsBot(group);
    await api.sendMessage(group.id, 'Mango', { reply_markup: new InlineKeyboard().text('Buy', 'b') });
    const { id } = ana.taps(await ana.waitsFor(group, 'Mango'), 'Buy');
    await api.sendMessage(group.id, 'Your bill', {
      ephemeral_message_parameters: {
        receiver_user_id: ana.id,
        callback_query_id: id,
        replace_callback_query_message: true,
      },
    });
    expect(ana.finds(group, 'Mango')).toBeUndefined();
    expect(bob.finds(group, 'Mango')).toBeDefined();
  });

  test('an ephemeral command is seen by the bot alone and answered by a reply', async () => {
    const { api, ana, bob, group, olga, poll, skip } = await setStage();
    olga.addsBot(group);
    await api.setMyCommands([{ command: 'shop', description: 'On sale', is_ephemeral: true }]);
    await skip();
    ana.says(group, '/shop');
    const [update] = await poll();
    expect(update?.message).toMatchObject({ message_id: 0, ephemeral_message_id: 1, text: '/shop' });
    expect(bob.finds(group, '/shop')).toBeUndefined();
    await api.sendMessage(group.id, 'Mango, lime', {
      ephemeral_message_parameters: { receiver_user_id: ana.id },
      reply_parameters: { ephemeral_message_id: 1 },
    });
    expect(ana.finds(group, 'Mango, lime')).toBeDefined();
    expect(bob.finds(group, 'Mango, lime')).toBeUndefined();
  });

  test('a reply to one is for the bot alone, and one is never put in the place of another', async () => {
    const { api, ana, bob, group, olga, poll, skip } = await setStage();
    olga.addsBot(group, 'every right');
    await api.sendMessage(group.id, 'How many?', {
      ephemeral_message_parameters: { receiver_user_id: ana.id },
      reply_markup: new InlineKeyboard().text('Cancel', 'c'),
    });
    await skip();
    const question = await ana.waitsFor(group, 'How many');
    ana.says(group, '3', { replyTo: question });
    expect((await poll())[0]?.message).toMatchObject({ message_id: 0, text: '3' });
    expect(bob.finds(group, '3')).toBeUndefined();
    const { id } = ana.taps(question, 'Cancel');
    const instead = { receiver_user_id: ana.id, callback_query_id: id, replace_callback_query_message: true };
    const call = api.sendMessage(group.id, 'x', { ephemeral_message_parameters: instead });
    expect(await refusalOf(call)).toContain('must be False for callback queries from ephemeral messages');
  });

  test('there are none in private chats', async () => {
    const { api, ana, fake } = await setStage();
    ana.starts();
    const parameters = { ephemeral_message_parameters: { receiver_user_id: ana.id } };
    expect(await refusalOf(api.sendMessage(ana.id, 'x', parameters))).toContain('only to groups and supergroups');
    expect(fake.invalidRequests).toHaveLength(1);
  });
});
