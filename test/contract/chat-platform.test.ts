// What the outbox relies on, of every chat platform that is registered.
import { describe, expect, test } from 'vitest';
import { chatAdapters } from '../../adapters/registry.ts';
import { para, type View } from '../../src/view/view.ts';
import { startMarket } from '../support/market.ts';

const view = (title: string, changes: Partial<View> = {}): View => ({
  title,
  body: [para('Some words.')],
  actions: [[{ kind: 'press', label: 'Help', do: { kind: 'show', message: { name: 'help' } }, answer: 'p' }]],
  tone: 'plain',
  ...changes,
});

const message = { name: 'help' } as const;

describe.each(Object.keys(chatAdapters))('the chat platform %s', (name) => {
  const open = async () => {
    const market = await startMarket();
    const platform = market.platforms.get(name);
    if (!platform) throw new Error(`${name} is registered, and the market does not open it.`);
    const chats = await market.store.read((reads) => reads.people.chats(market.communityId));
    const chat = chats.find((one) => one.platform === name && one.title === 'Night Market');
    if (!chat) throw new Error(`The demo market has no chat on ${name}.`);
    return { market, platform, chat, visitor: await market.visitor('Mei') };
  };

  test('calls itself what it is registered as', async () => {
    const { platform } = await open();
    expect(platform.platform).toBe(name);
  });

  test('posts, and edits what it posted where it stands', async () => {
    const { platform, chat, visitor } = await open();
    const posted = await platform.post({ chat, key: 'test:1', locale: 'en', message, view: view('Before') });
    if (posted.outcome !== 'sent') throw new Error(posted.outcome);
    const before = await visitor.sees('Before', { side: chat.title });
    const edited = await platform.edit({
      chat,
      ref: posted.ref,
      key: 'test:1',
      locale: 'en',
      message,
      view: view('Afterwards'),
    });
    expect(edited.outcome).toBe('sent');
    const after = await visitor.sees('Afterwards', { side: chat.title });
    expect([after.id, after.at]).toEqual([before.id, before.at]);
    expect(after.seq).toBeGreaterThan(before.seq);
    await visitor.seesNot('Before', { side: chat.title });
  });

  test('that calls its posts keyed says the same thing once, however often it is told to', async () => {
    const { platform, chat, visitor } = await open();
    if (!platform.can.keyed) return;
    for (let time = 0; time < 3; time++) {
      await platform.post({ chat, key: 'test:1', locale: 'en', message, view: view('Once') });
    }
    const titles = (await visitor.messages()).map((one) => one.view?.title);
    expect(titles.filter((title) => title === 'Once')).toHaveLength(1);
  });

  test('answers that a message is gone when it is asked to edit what it does not have', async () => {
    const { market, platform, chat } = await open();
    const other = { ...chat, id: market.communityId };
    const posted = await platform.post({ chat, key: 'test:1', locale: 'en', message, view: view('Here') });
    if (posted.outcome !== 'sent') throw new Error(posted.outcome);
    const edit = { key: 'test:1', locale: 'en', message, view: view('There') };
    expect((await platform.edit({ ...edit, chat, ref: 'nothing' })).outcome).toBe('gone');
    expect((await platform.edit({ ...edit, chat: other, ref: posted.ref })).outcome).toBe('gone');
  });

  test('shows a panel to one person alone, and changes it under its key', async () => {
    const { market, platform, visitor } = await open();
    const other = await market.visitor('Arif');
    const to = { personId: visitor.personId, communityId: market.communityId, locale: 'en', message };
    await platform.panel({ ...to, key: 'order:1', view: view('Bill 1') });
    await platform.panel({ ...to, key: 'order:2', view: view('Bill 2') });
    await platform.panel({ ...to, key: 'order:1', view: view('Receipt 1') });
    await visitor.sees('Receipt 1', { side: 'private' });
    await visitor.sees('Bill 2', { side: 'private' });
    await visitor.seesNot('Bill 1');
    await other.seesNot('Bill 2');
    await other.seesNot('Receipt 1');
  });

  test('draws buttons that work from the moment they can be seen', async () => {
    const { platform, chat, visitor } = await open();
    await platform.post({ chat, key: 'test:1', locale: 'en', message, view: view('With a button') });
    const shown = await visitor.press('Help', { on: 'With a button', side: chat.title });
    expect(shown?.view?.title).toBe('How it works');
  });
});
