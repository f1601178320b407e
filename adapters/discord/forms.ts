/** Forms in Discord's dialogs: five fields at a time, nothing typed is lost by a slip, by a restart, or by going on later. */
import type { APIModalSubmitInteraction, ModalSubmitComponent } from 'discord.js';
import { type Fault, fail, ok, type Result } from '../../src/domain/faults.ts';
import type { ProductKind } from '../../src/domain/product.ts';
import type { Reply } from '../../src/ports/core.ts';
import type { StoredIntent } from '../../src/ports/intents.ts';
import { parseIntent } from '../../src/view/intent.ts';
import type { Field, Form } from '../../src/view/view.ts';
import type { Called, DiscordApi } from './api.ts';
import { PLATFORM, type DiscordAdapterOptions } from './options.ts';
import type { Met } from './people.ts';
import { keepPhoto } from './photos.ts';
import { drawModal, fieldsOf, pagesOf, startValues, type Values } from './render/modal.ts';

/** What a form fills: what its button says, or a new product of whoever sends it. */
export type Target =
  | { readonly kind: 'handle'; readonly handle: string }
  | { readonly kind: 'sell'; readonly productKind: ProductKind };

export type Draft = {
  readonly formId: string;
  /** Of Discord: whoever began it; a form's name can be sent by anybody. */
  readonly userId: string;
  readonly target: Target;
  readonly form: Form;
  readonly values: Values;
  /** How often it was refused: what is corrected and sent again is another wish, the same sent twice is not. */
  readonly tries: number;
};

/** `page`: so much is kept, and there is more to ask. `fault`: what was typed is kept too. */
export type Taken =
  | { readonly kind: 'done'; readonly reply: Extract<Reply, { ok: true }> }
  | { readonly kind: 'page'; readonly draft: Draft; readonly next: number; readonly missing: readonly Field[] }
  | { readonly kind: 'fault'; readonly draft: Draft | null; readonly fault: Fault };

/** Who sends it, and from which chat of ours. */
type Place = { readonly met: Met; readonly chatId: string | null };

const DRAFTS_MAX = 2_000;

type Options = Pick<DiscordAdapterOptions, 'core' | 'store' | 'clock' | 'ids'> & { readonly api: DiscordApi };

export type Forms = ReturnType<typeof createForms>;

export function createForms(options: Options) {
  const { api, ids, store, clock } = options;
  const drafts = createDrafts(options);
  const openPage = (called: Called, draft: Draft, page: number): Promise<void> =>
    api.openForm(called, drawModal(draft.form, { ...draft, page }));
  return {
    drafts,
    openPage,
    begin(userId: string, target: Target, form: Form, filled: Values = {}): Draft {
      const draft = { formId: ids.next(), userId, target, form, values: { ...startValues(form), ...filled }, tries: 0 };
      drafts.remember(draft);
      return draft;
    },
    /** The page is opened first, kept afterwards: Discord waits three seconds. */
    async keep(personId: string, draft: Draft): Promise<void> {
      drafts.remember(draft);
      const row = { platform: PLATFORM, personId, state: JSON.stringify(draft), updatedAt: clock.now() };
      await store.transact(null, async (tx) => {
        await tx.platforms.putDraft(row);
        return null;
      });
    },
    take: createTake(options, drafts),
    submit: createSubmit(options, drafts),
  };
}

function createDrafts({ store }: Options) {
  const recent = new Map<string, Draft>();
  const recentOf = (userId: string, formId: string): Draft | undefined => {
    const draft = recent.get(formId);
    return draft?.userId === userId ? draft : undefined;
  };
  return {
    remember(draft: Draft): void {
      recent.delete(draft.formId);
      recent.set(draft.formId, draft);
      for (const [oldest] of recent.entries().take(Math.max(0, recent.size - DRAFTS_MAX))) recent.delete(oldest);
    },
    recent: recentOf,
    async find({ personId, userId }: Pick<Met, 'personId' | 'userId'>, formId: string): Promise<Draft | undefined> {
      const row = await store.read((reads) => reads.platforms.draft(PLATFORM, personId));
      const kept = row && (JSON.parse(row.state) as Draft);
      return kept?.formId === formId ? kept : recentOf(userId, formId);
    },
    async drop(personId: string, formId: string): Promise<void> {
      recent.delete(formId);
      await store.transact(null, async (tx) => {
        const row = await tx.platforms.draft(PLATFORM, personId);
        if (row && (JSON.parse(row.state) as Draft).formId === formId) await tx.platforms.dropDraft(PLATFORM, personId);
        return null;
      });
    },
  };
}

type Drafts = ReturnType<typeof createDrafts>;

/** A page was sent. */
function createTake(options: Options, drafts: Drafts) {
  const submit = createSubmit(options, drafts);
  return async (
    at: Place,
    sent: { readonly formId: string; readonly page: number },
    data: APIModalSubmitInteraction['data'],
  ): Promise<Taken> => {
    const draft = await drafts.find(at.met, sent.formId);
    if (!draft) return { kind: 'fault', draft: null, fault: { code: 'button_expired' } };
    const read = await readPage(options, draft, { page: sent.page, data });
    if (!read.ok) return { kind: 'fault', draft, fault: read.fault };
    const filled = { ...draft, values: { ...draft.values, ...read.value } };
    const next = sent.page + 1;
    if (next >= pagesOf(draft.form)) return submit(at, filled);
    const missing = draft.form.fields.filter(({ name, required }) => required && filled.values[name] === '');
    return { kind: 'page', draft: filled, next, missing };
  };
}

function createSubmit(options: Options, drafts: Drafts) {
  const { core } = options;
  return async ({ met, chatId }: Place, draft: Draft): Promise<Taken> => {
    const { personId, communityId } = met;
    const { target, formId, values } = draft;
    const stored =
      target.kind === 'sell'
        ? await postingOf(options, { met, chatId }, target.productKind)
        : await core.readHandle({ handle: target.handle, personId, chatId });
    if (!stored.ok) return { kind: 'fault', draft: null, fault: stored.fault };
    const intent = parseIntent(stored.value, values);
    const again = { ...draft, tries: draft.tries + 1 };
    if (!intent.ok) return { kind: 'fault', draft: again, fault: intent.fault };
    const reply = await core.handle({
      key: `discord.form:${formId}:${personId}:${draft.tries}`,
      ...{ personId, communityId, chatId, intent: intent.value },
    });
    if (!reply.ok) return { kind: 'fault', draft: again, fault: reply.fault };
    await drafts.drop(personId, formId);
    return { kind: 'done', reply };
  };
}

/** A product is posted by the first stall that this person sells at, into the channel where it was typed. */
async function postingOf(
  { store }: Options,
  { met, chatId }: Place,
  productKind: ProductKind,
): Promise<Result<StoredIntent>> {
  const shopId = await store.read(async (reads) => {
    const roles = await reads.people.shopRoles(met.communityId, met.personId);
    const shops = await reads.people.shops(met.communityId, 'approved');
    return shops.find(({ id }) => roles[id] === 'seller')?.id;
  });
  if (shopId === undefined) return fail('not_allowed');
  if (chatId === null) return fail('chat_not_open');
  return ok({ kind: 'post_product', shopId, productKind, chatIds: [chatId] });
}

type Page = { readonly page: number; readonly data: APIModalSubmitInteraction['data'] };

async function readPage(options: Options, { form }: Draft, { page, data }: Page): Promise<Result<Values>> {
  const sent = new Map<string, ModalSubmitComponent>();
  for (const row of data.components) {
    if ('component' in row) sent.set(row.component.custom_id, row.component);
  }
  const values: Record<string, Values[string]> = {};
  for (const field of fieldsOf(form, page)) {
    const component = sent.get(field.name);
    if (!component) continue;
    if (field.kind === 'photo') {
      const [id = ''] = 'values' in component ? component.values : [];
      const attachment = data.resolved?.attachments?.[id];
      if (!attachment) continue;
      const photo = await keepPhoto(options.core, attachment);
      if (!photo.ok) return photo;
      values[field.name] = photo.value;
    } else values[field.name] = valueOf(field, component);
  }
  return ok(values);
}

function valueOf(field: Field, component: ModalSubmitComponent): Values[string] {
  if ('values' in component)
    return field.kind === 'choice' && field.many ? component.values : (component.values[0] ?? '');
  if (!('value' in component) || component.value === null) return '';
  return component.value;
}
