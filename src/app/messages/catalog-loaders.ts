/** The loaders of catalog and community, by the message they fill. */
import type { MessageName } from '../../ports/messages.ts';
import { loadAdmin } from './admin.ts';
import { loadAnswer } from './answer.ts';
import { loadBrowse } from './browse.ts';
import { loadCard } from './card.ts';
import { loadCases } from './cases.ts';
import { loadChoose } from './choose.ts';
import { loadConnect } from './connect.ts';
import { loadEditProduct } from './edit-product.ts';
import { loadDigest } from './digest.ts';
import { loadHelp } from './help.ts';
import { loadHome } from './home.ts';
import { loadIndex } from './index-card.ts';
import type { Loader } from './loader.ts';
import { loadMyData, loadPrivacy } from './my-data.ts';
import { loadNewProduct } from './new-product.ts';
import { loadNotice } from './notice.ts';
import { loadProfile } from './profile.ts';
import { loadQuestions } from './questions.ts';
import { loadShop } from './shop.ts';
import { loadStaff } from './staff.ts';
import { loadVerified } from './verified.ts';

export const catalogLoaders = {
  card: loadCard,
  choose: loadChoose,
  home: loadHome,
  browse: loadBrowse,
  shop: loadShop,
  connect: loadConnect,
  new_product: loadNewProduct,
  edit_product: loadEditProduct,
  questions: loadQuestions,
  answer: loadAnswer,
  staff: loadStaff,
  admin: loadAdmin,
  cases: loadCases,
  profile: loadProfile,
  privacy: loadPrivacy,
  my_data: loadMyData,
  verified: loadVerified,
  help: loadHelp,
  notice: loadNotice,
  digest: loadDigest,
  index: loadIndex,
} as const satisfies { readonly [N in MessageName]?: Loader<N> };
