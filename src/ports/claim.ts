/** What somebody wonders about: does it belong to this market? It is judged when it is asked, and never kept. */
export type Claim =
  | { readonly kind: 'link'; readonly url: string }
  /** Our own bot, as its platform knows it. */
  | { readonly kind: 'bot' }
  /** A public name, without its @. */
  | { readonly kind: 'name'; readonly platform: string; readonly name: string }
  | { readonly kind: 'sender'; readonly platform: string; readonly platformUserId: string }
  /** Its platform does not tell whose it is. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'nothing' };

/** `checkout`: a page of a payment provider of ours, where others take money too. */
export type Verdict = 'page' | 'bot' | 'checkout' | 'seller' | 'foreign' | 'unknown' | 'hidden' | 'nothing';
