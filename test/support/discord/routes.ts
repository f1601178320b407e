// Each route of Discord's API that a market uses: what it takes, what it demands, what it does.
import { callback, change, deleteAnswer, editAnswer, followUp, readAnswer } from './interactions.ts';
import { channelMessage, checkMessage, commands, messageEdit } from './limits.ts';
import {
  CHANNEL,
  channelJson,
  type GuildState,
  type MessageBody,
  memberJson,
  PERMISSIONS,
  roleJson,
  userJson,
} from './model.ts';
import {
  cannotSendToUser,
  invalidForm,
  missingPermissions,
  unknownGuild,
  unknownMember,
  unknownRole,
  unknownUser,
} from './refusal.ts';
import { type Call, parseWith } from './call.ts';
import { guildJson } from './gateway.ts';
import type { World } from './world.ts';

type Run = (
  world: World,
  at: Readonly<Record<string, string>>,
  call: Call,
  query: URLSearchParams,
) => object | undefined;
type Route = {
  readonly method: string;
  readonly name: string;
  readonly pattern: RegExp;
  readonly withoutToken?: true;
  readonly run: Run;
};

function route(method: string, name: string, run: Run, options: { withoutToken?: true } = {}): Route {
  const pattern = new RegExp(`^${name.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
  return { method, name, pattern, run, ...options };
}

function guildOf(world: World, id = ''): GuildState {
  const guild = world.guilds.get(id);
  if (!guild?.members.has(world.bot.id)) throw unknownGuild();
  return guild;
}

const bodyOf = ({ body }: Call): MessageBody => ({
  content: (body['content'] as string | undefined) ?? '',
  embeds: (body['embeds'] as never) ?? [],
  components: (body['components'] as never) ?? [],
  flags: Number(body['flags'] ?? 0),
});

function post(world: World, channelId: string, call: Call): object {
  const channel = world.channel(channelId);
  if (channel.type === CHANNEL.forum) throw invalidForm('a forum takes threads, not messages');
  const isThread = channel.type === CHANNEL.publicThread || channel.type === CHANNEL.privateThread;
  world.demand(channel, isThread ? 'SendMessagesInThreads' : 'SendMessages');
  if (channel.type === CHANNEL.dm && !world.user(channel.recipientId ?? '').dmOpen) throw cannotSendToUser();
  const body = parseWith(channelMessage, call.body);
  const problem = checkMessage(body, { files: call.files.length, edit: false });
  if (problem !== undefined) throw invalidForm(problem);
  if (call.files.length > 0) world.demand(channel, 'AttachFiles');
  if ((body.embeds?.length ?? 0) > 0) world.demand(channel, 'EmbedLinks');
  checkMentions(call);
  const nonce = body.enforce_nonce === true && body.nonce !== undefined ? String(body.nonce) : undefined;
  return world.messageJson(
    world.say({ channelId: channel.id, authorId: world.bot.id, body: bodyOf(call), files: call.files, nonce }),
  );
}

/** A market's bot mentions nobody: every message says so itself. */
function checkMentions({ body }: Call): void {
  const allowed = body['allowed_mentions'] as { parse?: unknown[]; users?: unknown[]; roles?: unknown[] } | undefined;
  if (!allowed || (allowed.parse?.length ?? 1) > 0) throw invalidForm('allowed_mentions: parse must be empty');
}

function forumPost(world: World, channelId: string, call: Call): object {
  const channel = world.channel(channelId);
  world.demand(channel, 'SendMessages');
  const { name, message, ...rest } = call.body as { name?: string; message?: Record<string, unknown> };
  const known = new Set(['auto_archive_duration', 'rate_limit_per_user', 'applied_tags', 'type']);
  const extra = Object.keys(rest).filter((key) => !known.has(key));
  if (extra.length > 0) throw invalidForm(`unknown fields ${extra.join(', ')}`);
  if (name === undefined || name.length < 1 || name.length > 100) throw invalidForm('name: 1 to 100 characters');
  const given = {
    type: CHANNEL.publicThread,
    name,
    guildId: channel.guildId,
    parentId: channel.id,
    recipientId: undefined,
  };
  if (channel.type !== CHANNEL.forum) return channelJson(world.addChannel(given), world.users);
  if (!message) throw invalidForm('message: a forum post begins with a message');
  const thread = world.addChannel(given);
  const said = post(world, thread.id, { body: message, files: call.files });
  return { ...channelJson(thread, world.users), message: said };
}

function moveRole(gives: boolean): Run {
  return (world, { guild: guildId, user = '', role: roleId }) => {
    const guild = guildOf(world, guildId);
    const role = guild.roles.find(({ id }) => id === roleId);
    if (!role) throw unknownRole();
    const member = guild.members.get(user);
    if (!member) throw unknownMember();
    const own = guild.roles.filter(({ id }) => guild.members.get(world.bot.id)?.roles.has(id));
    const highest = Math.max(0, ...own.map(({ position }) => position));
    const may = (world.permissions(guild, world.bot.id) & PERMISSIONS.ManageRoles) !== 0n;
    if (!may || role.position >= highest) throw missingPermissions();
    if (gives) member.roles.add(role.id);
    else member.roles.delete(role.id);
    world.waiting.changed();
    return undefined;
  };
}

const registerCommands: Run = (world, _at, { body }) => {
  const list = parseWith(commands, body['list']);
  world.commands = list.map((one) => ({ ...one, id: world.ids.next(), application_id: world.bot.id, version: '1' }));
  return [...world.commands];
};

const pin: Run = (world, { channel = '', message = '' }) => {
  const found = world.channel(channel);
  // Since 2026 pinning has a permission of its own.
  world.demand(found, 'PinMessages');
  world.message(channel, message).pinned = true;
  world.waiting.changed();
  return undefined;
};

const ME = ':application';

export const ROUTES: readonly Route[] = [
  route('GET', '/gateway/bot', (world) => ({
    url: world.origin.replace('http', 'ws'),
    shards: 1,
    session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 },
  })),
  route('GET', '/users/@me', (world) => userJson(world.bot, true)),
  route('GET', '/users/:user', (world, { user = '' }) => {
    if (!world.users.has(user)) throw unknownUser();
    return userJson(world.user(user), user === world.bot.id);
  }),
  route('GET', '/applications/@me', (world) => ({
    id: world.bot.id,
    name: 'Pasar',
    flags: 0,
    bot_public: true,
    install_params: null,
  })),
  route('POST', '/users/@me/channels', (world, _at, { body }) => {
    const { recipient_id: recipient = '' } = body as { recipient_id?: string };
    if (!world.users.has(recipient)) throw invalidForm('recipient_id: unknown user');
    return channelJson(world.dmWith(recipient), world.users);
  }),
  route('GET', `/applications/${ME}/commands`, (world) => [...world.commands]),
  route('PUT', `/applications/${ME}/commands`, registerCommands),
  route('GET', '/channels/:channel', (world, { channel = '' }) => channelJson(world.channel(channel), world.users)),
  route('POST', '/channels/:channel/messages', (world, { channel = '' }, call) => post(world, channel, call)),
  route('GET', '/channels/:channel/messages/:message', (world, { channel = '', message = '' }) => {
    world.demand(world.channel(channel), 'ReadMessageHistory');
    return world.messageJson(world.message(channel, message));
  }),
  route('PATCH', '/channels/:channel/messages/:message', (world, { channel = '', message = '' }, call) => {
    const found = world.channel(channel);
    if (found.type !== CHANNEL.dm) world.demand(found);
    const standing = world.message(channel, message);
    if (standing.authorId !== world.bot.id) throw missingPermissions();
    parseWith(messageEdit, call.body);
    checkMentions(call);
    change(world, standing, call);
    return world.messageJson(standing);
  }),
  route('DELETE', '/channels/:channel/messages/:message', (world, { channel = '', message = '' }) => {
    world.message(channel, message).deleted = true;
    world.waiting.changed();
    return undefined;
  }),
  route('PUT', '/channels/:channel/pins/:message', pin),
  route('PUT', '/channels/:channel/messages/pins/:message', pin),
  route('POST', '/channels/:channel/threads', (world, { channel = '' }, call) => forumPost(world, channel, call)),
  route('GET', '/guilds/:guild', (world, { guild }) => guildJson(world, guildOf(world, guild).id)),
  route('GET', '/guilds/:guild/roles', (world, { guild }) => guildOf(world, guild).roles.map((role) => roleJson(role))),
  route('GET', '/guilds/:guild/members/:user', (world, { guild: id, user = '' }) => {
    const guild = guildOf(world, id);
    if (!guild.members.has(user)) throw unknownMember();
    return memberJson(guild, world.user(user), user === world.bot.id);
  }),
  route('PUT', '/guilds/:guild/members/:user/roles/:role', moveRole(true)),
  route('DELETE', '/guilds/:guild/members/:user/roles/:role', moveRole(false)),
  route(
    'POST',
    '/interactions/:id/:token/callback',
    (world, { id = '', token = '' }, call) => callback(world, id, token, call),
    { withoutToken: true },
  ),
  route('POST', '/webhooks/:application/:token', (world, { token = '' }, call) => followUp(world, token, call), {
    withoutToken: true,
  }),
  route(
    'GET',
    '/webhooks/:application/:token/messages/:message',
    (world, { token = '', message = '' }) => readAnswer(world, token, message),
    { withoutToken: true },
  ),
  route(
    'PATCH',
    '/webhooks/:application/:token/messages/:message',
    (world, { token = '', message = '' }, call) => editAnswer(world, token, message, call),
    { withoutToken: true },
  ),
  route(
    'DELETE',
    '/webhooks/:application/:token/messages/:message',
    (world, { token = '', message = '' }) => deleteAnswer(world, token, message),
    { withoutToken: true },
  ),
];
