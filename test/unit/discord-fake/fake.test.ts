import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  ContainerBuilder,
  DiscordAPIError,
  FileUploadBuilder,
  GatewayIntentBits,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeDiscord, startFakeDiscord } from '../../support/discord/fake.ts';

let fake: FakeDiscord;
let client: Client;
let now = Date.parse('2026-11-20T10:00:00Z');

beforeEach(async () => {
  now = Date.parse('2026-11-20T10:00:00Z');
  fake = await startFakeDiscord({ clock: { now: () => now } });
  client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: fake.apiBase } });
});
afterEach(async () => {
  await client.destroy();
  await fake.close();
});

/** A server of Siti with the bot in it, and a client that answers as told. */
async function opened(answer: (interaction: Interaction) => Promise<unknown>) {
  const siti = fake.user({ name: 'Siti' });
  const guild = fake.guild({ name: 'Night Market', owner: siti });
  guild.addsBot();
  client.on('interactionCreate', (interaction) => void answer(interaction).catch(() => undefined));
  await client.login(fake.token);
  const sell = new SlashCommandBuilder()
    .setName('sell')
    .setDescription('Sell something')
    .addStringOption((option) => option.setName('title').setDescription('What it is').setAutocomplete(true));
  await client.application?.commands.set([sell.toJSON()]);
  return { siti, guild, general: fake.general(guild) };
}

test('a command is answered with a form, its fields come back, and only the person sees the answer', async () => {
  const { siti, guild, general } = await opened(async (interaction) => {
    if (interaction.isChatInputCommand()) {
      const title = new LabelBuilder()
        .setLabel('Title')
        .setTextInputComponent(
          new TextInputBuilder().setCustomId('title').setStyle(TextInputStyle.Short).setValue('Mango box'),
        );
      const photo = new LabelBuilder()
        .setLabel('Photo')
        .setFileUploadComponent(new FileUploadBuilder().setCustomId('photo').setRequired(false));
      await interaction.showModal(
        new ModalBuilder().setCustomId('f').setTitle('New product').addLabelComponents(title, photo),
      );
    }
    if (interaction.isModalSubmit()) {
      const files = interaction.fields.getUploadedFiles('photo');
      const said = `${interaction.fields.getTextInputValue('title')} ${files?.first()?.name}`;
      await interaction.reply({ content: said, flags: MessageFlags.Ephemeral });
    }
  });
  const asked = siti.slash(general, 'sell');
  const form = await asked.form();
  expect(form.fields.map(({ label, value }) => [label, value])).toEqual([
    ['Title', 'Mango box'],
    ['Photo', undefined],
  ]);
  const bytes = Buffer.from('not a picture');
  const reply = await siti.fills(asked, { Photo: [{ name: 'm.png', mime: 'image/png', bytes }] }).reply();
  expect(reply).toMatchObject({ text: 'Mango box m.png', isEphemeral: true });
  const other = fake.user({ name: 'Budi' });
  guild.joins(other);
  expect(other.sees(general)).toEqual([]);
  expect(fake.invalidRequests).toEqual([]);
});

test('a deferred answer may come late but not after fifteen minutes, and a first answer not after three seconds', async () => {
  const got: Interaction[] = [];
  const { siti, general } = await opened(async (interaction) => {
    got.push(interaction);
    if (got.length === 1 && interaction.isChatInputCommand())
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  });
  const first = siti.slash(general, 'sell');
  await expect.poll(() => got[0]?.isChatInputCommand() && got[0].deferred).toBe(true);
  const [interaction] = got;
  if (!interaction?.isChatInputCommand()) throw new Error('no command came');
  now += 14 * 60_000;
  await interaction.editReply('done');
  expect((await first.reply()).text).toBe('done');
  now += 2 * 60_000;
  await expect(interaction.editReply('again')).rejects.toBeInstanceOf(DiscordAPIError);
  siti.slash(general, 'sell');
  await expect.poll(() => got.length).toBe(2);
  now += 3_001;
  const late = got[1];
  if (!late?.isChatInputCommand()) throw new Error('no second command came');
  await expect(late.reply('too late')).rejects.toMatchObject({ code: 10062 });
  expect(fake.unanswered).toHaveLength(1);
});

test('a card of components is posted and a press on its button comes with its message', async () => {
  const { siti, general } = await opened(async (interaction) => {
    if (interaction.isButton()) await interaction.update({ components: [card('Sold out', true)] });
  });
  const channel = await client.channels.fetch(general.id);
  if (!channel?.isSendable()) throw new Error('no channel');
  const allowedMentions = { parse: [] };
  await channel.send({ components: [card('Mango box', false)], flags: MessageFlags.IsComponentsV2, allowedMentions });
  const seen = siti.finds(general, 'Mango box');
  if (!seen) throw new Error('no card');
  await siti.presses(seen, 'Buy').answered();
  await fake.until(() => siti.finds(general, 'Sold out'), 'the changed card');
  expect(siti.sees(general).map(({ text, labels }) => [text, labels])).toEqual([['Sold out', ['Buy']]]);
  expect(fake.invalidRequests).toEqual([]);
});

test('what Discord would refuse is refused and kept', async () => {
  const { general } = await opened(async () => undefined);
  const channel = await client.channels.fetch(general.id);
  if (!channel?.isSendable()) throw new Error('no channel');
  const twice = new ActionRowBuilder<ButtonBuilder>().addComponents(button('Buy'), button('Sell'));
  await expect(
    channel.send({ content: 'x', components: [twice], allowedMentions: { parse: [] } }),
  ).rejects.toMatchObject({ code: 50035 });
  await expect(channel.send({ content: 'hello @everyone' })).rejects.toMatchObject({ code: 50035 });
  expect(fake.invalidRequests.map(({ route }) => route)).toEqual([
    'POST /channels/:channel/messages',
    'POST /channels/:channel/messages',
  ]);
});

test('a cut connection is resumed and what happened meanwhile still comes', async () => {
  const names: string[] = [];
  const { siti, general } = await opened(async (interaction) => {
    if (interaction.isChatInputCommand()) names.push(interaction.commandName);
  });
  fake.gateway.disconnect(4000);
  siti.slash(general, 'sell');
  await expect.poll(() => names).toEqual(['sell']);
  expect(fake.gateway.resumed).toBe(1);
  expect(fake.gateway.problems).toEqual([]);
});

test('closed private messages, missing rights and autocomplete answer as Discord does', async () => {
  const { siti, guild, general } = await opened(async (interaction) => {
    if (interaction.isAutocomplete()) await interaction.respond([{ name: 'Mango', value: 'm' }]);
  });
  expect(await siti.types(general, 'sell', { option: 'title', text: 'ma' }).choices()).toEqual([
    { name: 'Mango', value: 'm' },
  ]);
  const shy = fake.user({ name: 'Shy', dmOpen: false });
  await expect(client.users.send(shy.id, { content: 'hello', allowedMentions: { parse: [] } })).rejects.toMatchObject({
    code: 50007,
  });
  guild.denies(general, 'SendMessages');
  const channel = await client.channels.fetch(general.id);
  if (!channel?.isSendable()) throw new Error('no channel');
  await expect(channel.send({ content: 'x', allowedMentions: { parse: [] } })).rejects.toMatchObject({ code: 50013 });
  const high = guild.role('VIP', { position: 9 });
  await expect(
    client.guilds.cache.get(guild.id)?.members.addRole({ user: siti.id, role: high.id }),
  ).rejects.toMatchObject({ code: 50013 });
  expect(fake.refusedRequests.map(({ status }) => status)).toEqual([403, 403, 403]);
});

const button = (label: string) => new ButtonBuilder().setCustomId('same').setLabel(label).setStyle(ButtonStyle.Primary);
const card = (text: string, disabled: boolean) =>
  new ContainerBuilder()
    .addTextDisplayComponents(new TextDisplayBuilder().setContent(text))
    .addActionRowComponents((row) => row.addComponents(button('Buy').setDisabled(disabled)));
