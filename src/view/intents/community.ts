/** The market itself: talk, shops, people and their settings. */
import { z } from 'zod';
import type { CommunityRole } from '../../domain/policy.ts';
import type { CommunityIntent } from '../../ports/intents/community.ts';
import { id, line, text } from './fields.ts';

const ROLES = ['owner', 'admin', 'member'] as const satisfies readonly CommunityRole[];

export const communitySchemas = {
  say: z.strictObject({ kind: z.literal('say'), chatId: id, text }),
  set_profile: z.strictObject({
    kind: z.literal('set_profile'),
    name: line.exactOptional(),
    locale: z.string().max(35).exactOptional(),
    currency: z.string().max(10).exactOptional(),
  }),
  erase_me: z.strictObject({ kind: z.literal('erase_me') }),
  choose_role: z.strictObject({ kind: z.literal('choose_role'), role: z.enum([...ROLES, 'seller', 'helper']) }),
  apply_shop: z.strictObject({ kind: z.literal('apply_shop'), name: line }),
  decide_shop: z.strictObject({ kind: z.literal('decide_shop'), shopId: id, approve: z.boolean() }),
  freeze_shop: z.strictObject({ kind: z.literal('freeze_shop'), shopId: id, frozen: z.boolean() }),
  put_helper: z.strictObject({ kind: z.literal('put_helper'), shopId: id, personId: id, helps: z.boolean() }),
  configure: z.strictObject({
    kind: z.literal('configure'),
    name: line,
    currency: z.string().max(10),
    timeZone: z.string().max(64),
    locale: z.string().max(35),
  }),
} satisfies { [K in CommunityIntent['kind']]: z.ZodType<Extract<CommunityIntent, { kind: K }>> };
