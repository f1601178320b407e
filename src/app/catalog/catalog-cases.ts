/** The use cases of catalog and community, by what people want. */
import type { IntentKind } from '../../ports/intents.ts';
import { addCodes } from './add-codes.ts';
import { answerQuestion } from './answer-question.ts';
import { applyShop } from '../community/apply-shop.ts';
import { askSeller } from './ask-seller.ts';
import { choosePeriod } from './choose-period.ts';
import { chooseRole } from '../community/choose-role.ts';
import { configureCommunity } from '../community/configure-community.ts';
import { decideShop } from '../community/decide-shop.ts';
import type { UseCase } from '../deps.ts';
import { dismissReports } from './dismiss-reports.ts';
import { editProduct } from './edit-product.ts';
import { freezeProduct } from './freeze-product.ts';
import { freezeShop } from '../community/freeze-shop.ts';
import { listProduct } from './list-product.ts';
import { repostCard } from './repost-card.ts';
import { setDigest } from './evening-digest.ts';
import { pauseProduct } from './pause-product.ts';
import { placeCard } from './place-card.ts';
import { placeIndex } from './place-index.ts';
import { postProduct } from './post-product.ts';
import { putHelper } from '../community/put-helper.ts';
import { reportProduct } from './report-product.ts';
import { say } from '../community/say.ts';
import { setPrice } from './set-price.ts';
import { eraseMe } from '../community/erase-me.ts';
import { setProfile } from '../community/set-profile.ts';
import { setStock } from './set-stock.ts';
import { withdrawProduct } from './withdraw-product.ts';

export const catalogCases = {
  say,
  set_profile: setProfile,
  erase_me: eraseMe,
  choose_role: chooseRole,
  apply_shop: applyShop,
  decide_shop: decideShop,
  freeze_shop: freezeShop,
  put_helper: putHelper,
  configure: configureCommunity,
  post_product: postProduct,
  edit_product: editProduct,
  list_product: listProduct,
  card_placed: placeCard,
  repost_card: repostCard,
  set_stock: setStock,
  set_price: setPrice,
  add_codes: addCodes,
  pause_product: pauseProduct,
  withdraw_product: withdrawProduct,
  freeze_product: freezeProduct,
  report_product: reportProduct,
  dismiss_reports: dismissReports,
  ask_seller: askSeller,
  answer_question: answerQuestion,
  choose_period: choosePeriod,
  set_digest: setDigest,
  place_index: placeIndex,
} as const satisfies { readonly [K in IntentKind]?: UseCase<K> };
