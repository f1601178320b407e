import type { Tx } from '../../ports/store.ts';
import { SHOP_NAME_MAX } from './apply-shop.ts';
import { audit } from '../audit.ts';
import { refuse, show, type Circumstances, type UseCase } from '../deps.ts';
import { textField } from '../catalog/fields.ts';
import { openShop } from './open-shop.ts';

/** In the demo, and only there, a visitor looks at the market through anybody's eyes. */
export const chooseRole: UseCase<'choose_role'> = async (tx, at, { role }) => {
  if (!at.deps.settings.demo) return refuse('not_allowed');
  switch (role) {
    case 'owner':
    case 'admin':
    case 'member':
      await tx.people.putMember(at.community.id, at.actor.personId, role, at.now);
      break;
    case 'seller':
      await openStall(tx, at);
      break;
    case 'helper':
      if (!(await helpSomewhere(tx, at))) return refuse('not_found');
      break;
    default:
      return role satisfies never;
  }
  await audit(tx, at, 'demo.choose_role', at.actor.personId, { role });
  return show({ name: 'home' });
};

/** One stall a person: whoever has a shop, or has asked for one, goes on with it. */
async function openStall(tx: Tx, at: Circumstances): Promise<void> {
  const { personId } = at.actor;
  const shops = await tx.people.shops(at.community.id);
  const mine = shops.find((shop) => shop.ownerId === personId && shop.state !== 'rejected');
  if (mine) {
    if (mine.state === 'applied' && (await tx.people.moveShop(mine.id, ['applied'], 'approved')))
      await openShop(tx, at, mine);
    return;
  }
  const person = await tx.people.person(personId);
  const named = textField('name', `${person?.name ?? ''}'s stall`, { max: SHOP_NAME_MAX });
  const shop = { id: at.deps.ids.next(), communityId: at.community.id, ownerId: personId, state: 'approved' } as const;
  const name = named.ok ? named.value : 'Stall';
  if (await tx.people.insertShop({ ...shop, name, createdAt: at.now })) await openShop(tx, at, shop);
}

async function helpSomewhere(tx: Tx, at: Circumstances): Promise<boolean> {
  const open = await tx.people.shops(at.community.id, 'approved');
  const shop = open.find((one) => one.ownerId !== at.actor.personId);
  if (!shop) return false;
  if (at.actor.shops[shop.id] === undefined) await tx.people.putShopStaff(shop.id, at.actor.personId, 'helper', at.now);
  return true;
}
