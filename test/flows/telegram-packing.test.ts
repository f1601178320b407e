// Many orders marked as done from a phone, in two languages.
import { expect, test } from 'vitest';
import { joiner, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';

test.each([
  {
    languageCode: 'en',
    get: 'Get it free',
    words: ['Mark several as done', 'Done choosing'] as const,
    done: /2 orders are marked as handed over/,
  },
  {
    languageCode: 'ms',
    get: 'Dapatkan percuma',
    words: ['Tandakan beberapa sebagai selesai', 'Sudah pilih'] as const,
    done: /2 pesanan ditandakan sebagai diserahkan/,
  },
])(
  'a seller sees what waits and marks it in one go ($languageCode)',
  async ({ languageCode, get, words: [mark, chosen], done }) => {
    const bot = await startBotMarket();
    const { seller, group, sells } = await openStall(bot, { languageCode });
    await sells('Mango box | 0 | 20');
    for (const firstName of ['Budi', 'Mei', 'Ana']) {
      const buyer = await joiner(bot, group, { firstName, started: true });
      await tap(bot, buyer, read(buyer, group, /^Mango box/), get);
    }
    seller.says('private', '/packing');
    await bot.settle();
    const list = read(seller, 'private', '3 × Mango box');
    for (const name of ['Budi', 'Mei', 'Ana']) expect(list.text).toContain(name);
    await tap(bot, seller, list, mark);
    // All are ticked; one is not ready yet.
    await tap(bot, seller, withButton(seller, 'private', /☑ .*Mei/), /☑ .*Mei/);
    await tap(bot, seller, withButton(seller, 'private', /☐ .*Mei/), chosen);
    const after = read(seller, 'private', done);
    expect(after.text).toContain('1 × Mango box');
    await bot.market.verify();
  },
);
