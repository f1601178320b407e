import { may } from '../../domain/policy.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { audit } from '../audit.ts';
import { textField } from '../catalog/fields.ts';
import { notifyStewards } from '../tell.ts';

export const SHOP_NAME_MAX = 60;

/** A member asks to sell here. One application or shop a person; after a refusal they may ask again. */
export const applyShop: UseCase<'apply_shop'> = async (tx, at, { name }) => {
  const { actor, community } = at;
  if (!may(actor, 'shop.apply', { communityId: community.id })) return refuse('not_allowed');
  const words = textField('name', name, { max: SHOP_NAME_MAX });
  if (!words.ok) return words;
  const shops = await tx.people.shops(community.id);
  const mine = shops.some((shop) => shop.ownerId === actor.personId && shop.state !== 'rejected');
  if (mine) return refuse('already_applied');

  const id = at.deps.ids.next();
  const shop = { id, communityId: community.id, ownerId: actor.personId, name: words.value, createdAt: at.now };
  if (!(await tx.people.insertShop({ ...shop, state: 'applied' }))) return refuse('already_applied');
  await audit(tx, at, 'shop.apply', id);
  await notifyStewards(tx, at, community.id, { kind: 'shop_applied', objectId: id });
  return show({ name: 'notice', kind: 'shop_application_sent', objectId: id });
};
