import { fail, ok } from '../../domain/faults.ts';
import type { Loader } from './loader.ts';

export const loadHelp: Loader<'help'> = async (_reads, { actor, community }) => {
  if (!actor) return fail('not_found');
  return ok({ community: community.name, role: actor.role, seller: Object.keys(actor.shops).length > 0 });
};
