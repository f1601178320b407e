/** A coupon in one message: what it takes off, under which code, for whom and how often. */
import { generateCode, normaliseCode } from '../../domain/coupon-code.ts';
import { withAsciiDigits } from '../../domain/digits.ts';
import { fail, ok, type Result } from '../../domain/faults.ts';
import type { Coupon } from '../../domain/pricing/input.ts';
import { may } from '../../domain/policy.ts';
import type { Ids } from '../../ports/runtime.ts';
import type { IntentOf } from '../../ports/intents.ts';
import type { Tx } from '../../ports/store.ts';
import type { IssuedCoupon } from '../../ports/store/coupons.ts';
import { audit } from '../audit.ts';
import { amountField, countField, textField } from '../catalog/fields.ts';
import { shopFor, whyShopIsClosed } from '../catalog/catalog-access.ts';
import { won } from '../commit.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';

const CODE_MAX = 40;
const CODES_MAX = 500;
const USES_MAX = 1_000_000;
const DAYS_MAX = 3650;
const UNITS_MAX = 100;

type Form = IntentOf<'coupon_issue'>;

export const issueCoupon: UseCase<'coupon_issue'> = async (tx, at, form) => {
  const { shopId } = form;
  const allowed = await mayIssue(tx, at, shopId);
  if (!allowed.ok) return allowed;
  const terms = termsOf(form, at);
  if (!terms.ok) return terms;
  const codes = codesOf(form, at.deps.ids);
  if (!codes.ok) return codes;
  const label = labelOf(form, codes.value);
  if (!label.ok) return label;
  for (const { code } of codes.value)
    if (await tx.coupons.couponCode(at.community.id, code)) return refuse('coupon_code_taken', { field: 'code' });
  const id = at.deps.ids.next();
  const row: IssuedCoupon = {
    ...{ id, communityId: at.community.id, shopId, state: 'on', ...terms.value },
    label: label.value,
    ...{ rule: { ...terms.value.rule, id }, currency: at.community.currency },
    ...{ inUse: 0, spent: 0, overUses: 0, overSpent: 0, byPersonId: at.actor.personId, createdAt: at.now },
  };
  await tx.coupons.insertCoupon(row);
  for (const { code, shown, single } of codes.value) {
    const own = { id: at.deps.ids.next(), couponId: id, communityId: at.community.id, code, shown, single, inUse: 0 };
    won(await tx.coupons.insertCouponCode(own), `coupon code of ${id}`);
  }
  await audit(tx, at, 'coupon.issue', id, { kind: form.couponKind, codes: codes.value.length });
  return show({ name: 'coupons', shopId });
};

async function mayIssue(tx: Tx, at: Circumstances, shopId: string | null): Promise<Result<null>> {
  if (shopId === null)
    return may(at.actor, 'coupon.issue', { communityId: at.community.id }) ? ok(null) : fail('not_allowed');
  const shop = await shopFor(tx, at, shopId, 'coupon.issue');
  if (!shop.ok) return shop;
  const closed = whyShopIsClosed(shop.value.state);
  return closed ? fail(closed) : ok(null);
}

type Terms = Pick<IssuedCoupon, 'rule' | 'maxUses' | 'maxPerPerson' | 'budget'>;

function termsOf(form: Form, at: Circumstances): Result<Terms> {
  const { currency } = at.community;
  const kind = kindOf(form, currency);
  if (!kind.ok) return kind;
  const minSpend = optionalAmount('minSpend', form.minSpend, currency);
  if (!minSpend.ok) return minSpend;
  const budget = optionalAmount('budget', form.budget, currency);
  if (!budget.ok) return budget;
  const maxUses = countField('maxUses', form.maxUses, { min: 1, max: USES_MAX });
  if (!maxUses.ok) return maxUses;
  const maxPerPerson = countField('maxPerPerson', form.maxPerPerson, { min: 1, max: USES_MAX });
  if (!maxPerPerson.ok) return maxPerPerson;
  const days = countField('days', form.days, { min: 1, max: DAYS_MAX });
  if (!days.ok) return days;
  const rule = {
    ...kind.value,
    ...(minSpend.value === null ? {} : { minSpend: { [currency]: minSpend.value } }),
    ...(days.value === null
      ? {}
      : { valid: { from: at.now, until: endOfDay(at, days.value), zone: at.community.timeZone } }),
    ...(form.firstPurchase ? { scope: { firstPurchase: true } } : {}),
  } as Coupon;
  return ok({ rule, maxUses: maxUses.value, maxPerPerson: maxPerPerson.value, budget: budget.value });
}

/** Until the end of the day so many days from now, where the market is: such a day may have 23 hours. */
function endOfDay({ now, community }: Circumstances, days: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(community.timeZone);
  return local.toPlainDate().add({ days }).toZonedDateTime(community.timeZone).epochMilliseconds;
}

function optionalAmount(field: string, raw: string, currency: string): Result<number | null> {
  if (raw.trim() === '') return ok(null);
  const amount = amountField(field, raw, currency);
  if (!amount.ok) return amount;
  return amount.value.amount === 0 ? fail('amount_empty', { field }) : ok(amount.value.amount);
}

type KindFields = Omit<Coupon, 'id'>;

/** `10` percent, `5.00` off, `100=10, 200=30`, `2+1`, or nothing for free delivery. */
function kindOf({ couponKind, value }: Form, currency: string): Result<KindFields> {
  switch (couponKind) {
    case 'percent':
      return percentOf(value);
    case 'fixed': {
      const amount = amountField('value', value, currency);
      if (!amount.ok) return amount;
      if (amount.value.amount === 0) return fail('amount_empty', { field: 'value' });
      return ok({ kind: 'fixed', amount: { [currency]: amount.value.amount } });
    }
    case 'free_shipping':
      return ok({ kind: 'free_shipping' });
    case 'tiered':
      return tiersOf(value, currency);
    case 'buy_x_get_y': {
      const [, buy, get] = /^(\d{1,3})\s*\+\s*(\d{1,3})$/.exec(withAsciiDigits(value).trim()) ?? [];
      const [x, y] = [Number(buy), Number(get)];
      if (!(x >= 1 && x <= UNITS_MAX && y >= 1 && y <= UNITS_MAX))
        return fail('coupon_value_invalid', { field: 'value' });
      return ok({ kind: 'buy_x_get_y', buy: x, get: y });
    }
    default:
      return couponKind satisfies never;
  }
}

/** Up to two decimals: hundredths of a percent. */
function percentOf(value: string): Result<KindFields> {
  const typed = withAsciiDigits(value)
    .replace(/[%٪％\s]/gu, '')
    .replace(',', '.');
  const [, whole = '', part = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(typed) ?? [];
  const bps = whole === '' ? 0 : Number(whole) * 100 + Number(part.padEnd(2, '0'));
  return bps >= 1 && bps <= 10_000 ? ok({ kind: 'percent', bps }) : fail('coupon_value_invalid', { field: 'value' });
}

function tiersOf(value: string, currency: string): Result<KindFields> {
  const tiers = [];
  for (const part of value.split(/[;\n；]|,\s/u).filter((one) => one.trim() !== '')) {
    const [from, amount, more] = part.split(/[=:＝：]/u);
    if (from === undefined || amount === undefined || more !== undefined)
      return fail('coupon_value_invalid', { field: 'value' });
    const reached = amountField('value', from, currency);
    if (!reached.ok) return reached;
    const off = amountField('value', amount, currency);
    if (!off.ok) return off;
    tiers.push({ from: { [currency]: reached.value.amount }, amount: { [currency]: off.value.amount } });
  }
  if (tiers.length === 0 || tiers.length > 20) return fail('coupon_value_invalid', { field: 'value' });
  return ok({ kind: 'tiered', tiers });
}

type Code = { readonly code: string; readonly shown: string; readonly single: boolean };

/** Many codes, each for one order; or one for all, typed or made up. */
function codesOf(form: Form, ids: Ids): Result<Code[]> {
  const count = countField('codes', form.codes, { min: 1, max: CODES_MAX });
  if (!count.ok) return count;
  const made = (single: boolean): Code => {
    const shown = generateCode(chanceOf(ids));
    return { code: normaliseCode(shown), shown, single };
  };
  if (count.value !== null) return ok(Array.from({ length: count.value }, () => made(true)));
  if (form.code.trim() === '') return ok([made(false)]);
  const shown = textField('code', form.code, { max: CODE_MAX });
  if (!shown.ok) return shown;
  const code = normaliseCode(shown.value);
  return code === ''
    ? fail('coupon_value_invalid', { field: 'code' })
    : ok([{ code, shown: shown.value, single: false }]);
}

/** What people read on the bill. Many codes need a name: one of theirs would be read by whoever has another. */
function labelOf({ code }: Form, codes: readonly Code[]): Result<string> {
  if (codes.length === 1 && code.trim() === '') return ok(codes[0]?.shown ?? '');
  return textField('code', code, { max: CODE_MAX });
}

const SIXTY_FOUR = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** More than chance ever needs. */
const DRAWS_MAX = 1000;

/** Evenly chosen numbers out of the chance in a token: what would favour some of them is thrown away. */
function chanceOf(ids: Ids): (limit: number) => number {
  let signs: string[] = [];
  return (limit) => {
    const fair = SIXTY_FOUR.length - (SIXTY_FOUR.length % limit);
    for (let draw = 1; draw <= DRAWS_MAX; draw++) {
      if (signs.length === 0) signs = ids.token().split('');
      const value = SIXTY_FOUR.indexOf(signs.pop() ?? '');
      if (value >= 0 && value < fair) return value % limit;
    }
    throw new Error('the ids bring no chance to make a code of');
  };
}

/** On, paused, or over for good. What is reserved is honoured all the same. */
export const setCoupon: UseCase<'coupon_set'> = async (tx, at, { couponId, state }) => {
  const coupon = await tx.coupons.coupon(couponId);
  if (!coupon || coupon.communityId !== at.community.id) return refuse('not_found');
  const allowed = await mayIssue(tx, at, coupon.shopId);
  if (!allowed.ok) return allowed;
  const panel = show({ name: 'coupons', shopId: coupon.shopId });
  if (coupon.state === state || coupon.state === 'ended') return panel;
  won(await tx.coupons.moveCoupon(couponId, coupon.state, state), `coupon ${couponId}`);
  await audit(tx, at, 'coupon.set', couponId, { state });
  return panel;
};
