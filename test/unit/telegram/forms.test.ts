import { createHmac } from 'node:crypto';
import { Api } from 'grammy';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createForms } from '../../../adapters/telegram/forms/forms.ts';
import type { FormWire } from '../../../adapters/telegram/forms/options.ts';
import { createSell } from '../../../adapters/telegram/forms/sell.ts';
import { actionBehind } from '../../../src/view/behind.ts';
import { readData } from '../../../adapters/telegram/render/data.ts';
import { drawScreen, type Screen } from '../../../adapters/telegram/render/screen.ts';
import { fail, ok } from '../../../src/domain/faults.ts';
import { wordsFor } from '../../../src/i18n/words.ts';
import type { Message } from '../../../src/ports/messages.ts';
import { draw } from '../../../src/view/draw.ts';
import { randomIds } from '../../../src/runtime/ids.ts';
import { startFakeTelegram } from '../../support/telegram/fake.ts';
import { openWorld } from '../../support/world.ts';

const hmac = (text: string) => createHmac('sha256', 'key').update(text).digest();
const DAY = 24 * 60 * 60_000;
const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#f80' } })
  .jpeg()
  .toBuffer();
const FILES: Readonly<Record<string, Uint8Array>> = { mango: picture, virus: Buffer.from('MZ: no picture at all') };

/** A real core and store, a fake Telegram, and one person who talks to the bot. */
async function openTalk(who: 'seller' | 'buyer' = 'seller', locale = 'en') {
  const world = await openWorld();
  const telegram = await startFakeTelegram();
  onTestFinished(() => telegram.close());
  onTestFinished(() => world.close());
  const api = new Api(telegram.token, { apiRoot: telegram.apiRoot });
  const user = telegram.person({ firstName: 'Siti' });
  user.starts();
  const personId = world[who];
  const viewer = { communityId: world.communityId, personId };
  const words = wordsFor(locale, 'Asia/Kuala_Lumpur');
  const messages: { readonly id: number; screen: Screen; live: boolean }[] = [];
  const markup = (screen: Screen) => ({
    parse_mode: 'HTML' as const,
    reply_markup: { inline_keyboard: screen.keyboard },
  });
  const wire: FormWire = {
    ask: async (to, screen) => {
      if (to !== personId) return null;
      const { message_id: id } = await api.sendMessage(user.id, screen.html, markup(screen));
      messages.push({ id, screen, live: true });
      return id;
    },
    redraw: async (_, id, screen) => {
      const message = messages.find((one) => one.id === id);
      if (!message) return false;
      if (JSON.stringify(message.screen) !== JSON.stringify(screen)) {
        await api.editMessageText(user.id, id, screen.html, markup(screen));
      }
      message.screen = screen;
      return true;
    },
    retire: async (_, id) => {
      const message = messages.find((one) => one.id === id);
      if (message) message.live = false;
      await Promise.resolve();
    },
  };
  const shown: Message[] = [];
  const make = () =>
    createForms({
      ...{ core: world.core, store: world.store, clock: world.clock, ids: randomIds, wire },
      download: (fileId) => Promise.resolve(FILES[fileId] ? ok(FILES[fileId]) : fail('image_too_large')),
      wordsOf: () => Promise.resolve(words),
      show: (_, message) => {
        shown.push(message);
        return Promise.resolve();
      },
    });
  let forms = make();
  let updates = 0;
  const key = () => `m:${(updates += 1)}`;
  const last = () => {
    const message = messages.findLast(({ live }) => live);
    if (!message) throw new Error('Nothing was asked.');
    return message;
  };
  const dataOf = (label: string | RegExp) => {
    const buttons = last().screen.keyboard.flat();
    const button = buttons.find(({ text }) => (typeof label === 'string' ? text === label : label.test(text)));
    if (!button || !('callback_data' in button)) {
      throw new Error(`No button ${String(label)} among ${buttons.map(({ text }) => text).join(' | ')}`);
    }
    const tap = readData(button.callback_data);
    if (tap?.step !== 'question') throw new Error(`${button.callback_data} belongs to no question.`);
    return tap;
  };
  /** Opens a form by its button on a message, as a tap would. */
  const open = async (message: Message, label: string, chatId: string | null = null) => {
    const loaded = await world.core.load(message, viewer);
    if (!loaded.ok) throw new Error(loaded.fault.code);
    const place = { chatId, personId: chatId === null ? personId : null };
    const options = { ...place, message, words, key: hmac };
    const { screen, drawn } = drawScreen(draw(message, loaded.value, words), options);
    await world.core.drawHandles(drawn);
    const button = screen.keyboard.flat().find(({ text }) => text.endsWith(label));
    const tap = button && 'callback_data' in button ? readData(button.callback_data) : undefined;
    if (tap?.step !== 'form') throw new Error(`No form behind ${label}.`);
    const behind = await actionBehind(world.core, tap, { viewer, chatId, words });
    if (!behind.ok || behind.value.action.kind !== 'form') throw new Error('The form is not there.');
    return forms.open({ viewer, chatId, do: behind.value.do, form: behind.value.action.form });
  };
  return {
    ...{ world, telegram, forms, viewer, words, shown, messages, wire, key, last, open, dataOf, user },
    /** Without what keeps Telegram from making links of it. */
    text: () => last().screen.html.replaceAll('\u2060', ''),
    says: (text: string, as = key()) => forms.text({ personId, key: as }, text),
    sends: (fileId: string, as = key()) => forms.photo({ personId, key: as }, fileId),
    taps: (label: string | RegExp, as = key()) => forms.tap({ personId, key: as, messageId: last().id }, dataOf(label)),
    restart: () => void (forms = make()),
    /** Nothing that we sent broke a limit of Telegram. */
    isValid: () => expect(telegram.invalidRequests.map(({ problems }) => problems)).toEqual([]),
    newProduct: () =>
      open({ name: 'new_product', shopId: world.shop.id, productKind: 'physical', chatId: null }, 'Fill in the form'),
    products: () =>
      world.store.read((reads) =>
        reads.catalog.products({ communityId: world.communityId, states: ['on_sale'], limit: 50 }),
      ),
    sell: (args: string, fileId: string | null = null, updateName = `u${randomIds.token()}`) =>
      createSell({
        ...{ core: world.core, forms },
        download: (id) => Promise.resolve(FILES[id] ? ok(FILES[id]) : fail('image_too_large')),
        wordsOf: () => Promise.resolve(words),
      })({ viewer, shopId: world.shop.id, chatId: world.chatId, args, fileId, updateName }),
  };
}

describe('a form asked step by step', () => {
  test('begins with what must be answered, offers to skip the rest, is checked once and sent', async () => {
    const talk = await openTalk();
    expect(await talk.newProduct()).toBe('asked');
    expect(talk.text()).toContain('<b>What do you sell?</b>');
    expect(talk.text()).toContain('A short name, as on a price tag.');
    await talk.says('Mango <b>box</b>');
    expect(talk.text()).toContain('<b>Price in MYR</b>');
    await talk.says('12.50');
    expect(talk.text()).toContain('<b>Photo</b> (optional)');
    await talk.sends('mango');
    await talk.taps('Skip');
    expect(talk.text()).toContain('<b>Description</b> (optional)');
    await talk.says('Six ripe ones, from evil.example');
    await talk.taps('That is all');
    expect(talk.text()).toContain('What do you sell?: Mango &lt;b&gt;box&lt;/b&gt;');
    expect(talk.text()).toContain('Photo: photo added');
    expect(talk.text()).toContain('Post the card in: Night Market');
    await talk.taps('Post it');
    expect(talk.text()).toContain('✅ Done');
    const [product] = await talk.products();
    expect(product).toMatchObject({ title: 'Mango <b>box</b>', description: 'Six ripe ones, from evil.example' });
    expect(product?.imageDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(talk.shown).toEqual([{ name: 'notice', kind: 'posted', objectId: product?.id }]);
    expect(await talk.says('Hello?')).toBe(false);
    talk.isValid();
  });

  test('survives a restart at every step', async () => {
    const talk = await openTalk();
    await talk.newProduct();
    const steps = [
      () => talk.says('Mango box'),
      () => talk.says('12.50'),
      () => talk.taps('That is all'),
      () => talk.taps('Post it'),
    ];
    for (const one of steps) {
      talk.restart();
      await one();
    }
    expect(await talk.products()).toHaveLength(1);
  });

  test('does once what is delivered twice', async () => {
    const talk = await openTalk();
    await talk.newProduct();
    await talk.says('Mango box', 'm:100');
    await talk.says('Mango box', 'm:100');
    expect(talk.text()).toContain('<b>Price in MYR</b>');
    await talk.says('12.50');
    await talk.taps('That is all', 'c:1');
    await talk.taps('Post it', 'c:1');
    expect(await talk.products()).toHaveLength(0);
    const send = talk.dataOf('Post it');
    const at = { personId: talk.viewer.personId, key: 'c:2', messageId: talk.last().id };
    await talk.forms.tap(at, send);
    expect(await talk.forms.tap(at, send)).toMatchObject({ ok: false, fault: { code: 'button_expired' } });
    expect(await talk.products()).toHaveLength(1);
  });

  test('goes back to the question that was answered wrongly, says why, and sends what was corrected', async () => {
    const talk = await openTalk();
    await talk.newProduct();
    await talk.says('Mango box');
    await talk.says('1.234');
    await talk.taps('That is all');
    await talk.taps('Post it');
    expect(talk.text()).toMatch(/⚠️ .*1234.*1\.234/);
    expect(talk.text()).toContain('<b>Price in MYR</b>');
    await talk.says('1234');
    expect(talk.text()).not.toContain('⚠️');
    await talk.taps('Post it');
    expect(await talk.products()).toHaveLength(1);
    talk.isValid();
  });

  test('goes back and forth, changes an answer by its name, and can be called off', async () => {
    const talk = await openTalk();
    await talk.newProduct();
    await talk.says('Mango box');
    await talk.taps('◀ Back');
    expect(talk.text()).toContain('Now: Mango box');
    await talk.says('Mango crate');
    await talk.says('12');
    await talk.taps('That is all');
    await talk.taps('✏️ Buyers can pick it up');
    await talk.taps('No');
    expect(talk.text()).toContain('Buyers can pick it up: No');
    await talk.taps('✏️ Post the card in');
    await talk.taps('☑ Night Market');
    await talk.taps('Done choosing');
    expect(talk.text()).toContain('This answer is still missing.');
    await talk.taps('☐ Night Market');
    await talk.taps('Done choosing');
    expect(talk.text()).toContain('What do you sell?: Mango crate');
    await talk.taps('✖ Cancel');
    expect(talk.text()).toContain('Cancelled. Nothing was sent.');
    expect(talk.last().screen.keyboard).toEqual([]);
    expect(await talk.says('Mango box')).toBe(false);
    expect(await talk.products()).toHaveLength(0);
    talk.isValid();
  });

  test('says what it wants when it gets something else', async () => {
    const talk = await openTalk();
    await talk.newProduct();
    await talk.sends('mango');
    expect(talk.text()).toContain('Please write the answer as a text message.');
    await talk.says('x'.repeat(101));
    expect(talk.text()).toMatch(/⚠️ .*100/);
    await talk.says('Mango box');
    await talk.says('12.50');
    await talk.says('it is orange');
    expect(talk.text()).toContain('Please send a photo, or tap Skip.');
    await talk.sends('virus');
    expect(talk.text()).toMatch(/⚠️ .*JPEG, PNG or WebP/);
    await talk.sends('huge');
    expect(talk.text()).toMatch(/⚠️ .*5 MB/);
    talk.isValid();
  });

  test('has one live question: an older one, another form’s and another person’s do nothing', async () => {
    const talk = await openTalk();
    await talk.newProduct();
    const first = { id: talk.last().id, tap: talk.dataOf('✖ Cancel') };
    await talk.says('Mango box');
    const { personId } = talk.viewer;
    const expired = { ok: false, fault: { code: 'button_expired' } };
    expect(await talk.forms.tap({ personId, key: 'c:1', messageId: first.id }, first.tap)).toEqual(expired);
    const other = { personId: talk.world.buyer, key: 'c:2', messageId: talk.last().id };
    expect(await talk.forms.tap(other, talk.dataOf('✖ Cancel'))).toEqual(expired);
    await talk.newProduct();
    expect(await talk.forms.tap({ personId, key: 'c:3', messageId: first.id }, first.tap)).toEqual(expired);
    const forged = { ...talk.dataOf('✖ Cancel'), field: 9, choice: 'k' };
    expect(await talk.forms.tap({ personId, key: 'c:4', messageId: talk.last().id }, forged)).toEqual(expired);
    expect(talk.text()).toContain('<b>What do you sell?</b>');
  });

  test('is forgotten after a day without an answer', async () => {
    const talk = await openTalk();
    await talk.newProduct();
    talk.world.clock.at += DAY - 1;
    await talk.says('Mango box');
    talk.world.clock.at += DAY;
    expect(await talk.says('12.50')).toBe(false);
    expect(await talk.forms.resume(talk.viewer.personId)).toBe(false);
  });

  test('waits for whoever cannot be written to yet', async () => {
    const talk = await openTalk();
    const { ask } = talk.wire;
    Object.assign(talk.wire, { ask: () => Promise.resolve(null) });
    expect(await talk.newProduct()).toBe('closed');
    Object.assign(talk.wire, { ask });
    expect(await talk.forms.resume(talk.viewer.personId)).toBe(true);
    expect(talk.text()).toContain('<b>What do you sell?</b>');
  });
});

describe('a form of one question', () => {
  test('is sent by its answer', async () => {
    const talk = await openTalk('buyer');
    const { listingId } = await talk.world.post();
    await talk.open({ name: 'card', listingId }, 'Ask the seller', talk.world.chatId);
    expect(talk.text()).toContain('<b>Your question</b>');
    await talk.says('Is it sweet? @admin https://evil.example');
    expect(talk.text()).toContain('✅ Done');
    const questions = await talk.world.core.load(
      { name: 'questions', shopId: talk.world.shop.id },
      { communityId: talk.world.communityId, personId: talk.world.seller },
    );
    expect(questions).toMatchObject({
      value: { questions: [{ text: 'Is it sweet? @admin https://evil.example' }] },
    });
    talk.isValid();
  });
});

describe('a form that is filled already', () => {
  test('begins with the check, and a choice may be typed', async () => {
    const talk = await openTalk('buyer');
    await talk.open({ name: 'profile' }, 'Change');
    expect(talk.text()).toContain('Check it before it is sent.');
    await talk.taps('✏️ Language');
    await talk.says('español');
    expect(talk.text()).toContain('Language: Español');
    await talk.taps('Save');
    expect(await talk.world.core.profile(talk.viewer)).toMatchObject({ locale: 'es' });
    talk.isValid();
  });
});

describe('a product in one line', () => {
  test('is posted at once, with its photo, and only once', async () => {
    const talk = await openTalk();
    expect(await talk.sell('Mango box | 12.50 | 20 | Ripe today | and sweet', 'mango', 'u-1')).toEqual(ok('sent'));
    expect(await talk.sell('Mango box | 12.50 | 20 | Ripe today | and sweet', 'mango', 'u-1')).toEqual(ok('sent'));
    const [product, second] = await talk.products();
    expect(second).toBeUndefined();
    expect(product).toMatchObject({ title: 'Mango box', description: 'Ripe today | and sweet' });
    expect(product?.imageDigest).toMatch(/^[0-9a-f]{64}$/);
    const variants = await talk.world.store.read((reads) => reads.catalog.variants(product?.id ?? ''));
    expect(variants).toMatchObject([{ onHand: 20 }]);
    talk.isValid();
  });

  test('is asked on from where it stops', async () => {
    const talk = await openTalk();
    expect(await talk.sell('Mango box')).toEqual(ok('asked'));
    expect(talk.text()).toContain('/sell Mango box | 12.50 | 20 | Ripe today');
    expect(talk.text()).toContain('<b>Price in MYR</b>');
    await talk.says('12.50');
    await talk.taps('That is all');
    expect(talk.text()).toContain('What do you sell?: Mango box');
    expect(await talk.sell('')).toEqual(ok('asked'));
    expect(talk.text()).not.toContain('/sell');
    talk.isValid();
  });

  test('with a mistake is asked for just that', async () => {
    const talk = await openTalk();
    expect(await talk.sell('Mango box | cheap | 20')).toEqual(ok('asked'));
    expect(talk.text()).toContain('<b>Price in MYR</b>');
    expect(talk.text()).toContain('⚠️');
    await talk.says('12.50');
    await talk.taps('Post it');
    expect(await talk.products()).toMatchObject([{ title: 'Mango box' }]);
    expect(await talk.sell('Mango box | 12.50 | 20', 'virus')).toEqual(ok('asked'));
    expect(talk.text()).toMatch(/⚠️ .*JPEG, PNG or WebP/);
    expect(await talk.products()).toHaveLength(1);
  });

  test('is refused to whoever has no shop', async () => {
    const talk = await openTalk('buyer');
    expect(await talk.sell('Mango box | 12.50')).toMatchObject({ ok: false });
  });
});
