/** What travels between the server and the browser: plain data, text only, never markup. */

export type WireTone = 'plain' | 'good' | 'warning' | 'bad';
export type WireStyle = 'primary' | 'plain' | 'danger';
export type WireInline = string | { readonly bold: string } | { readonly code: string };
export type WirePicture = { readonly digest: string; readonly alt: string };

export type WireField = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly value?: string;
} & (
  | { readonly kind: 'text' | 'lines' | 'amount' | 'number'; readonly maxLength: number }
  | {
      readonly kind: 'choice';
      readonly options: readonly { readonly value: string; readonly label: string }[];
      readonly many?: boolean;
    }
  | { readonly kind: 'check' }
  | { readonly kind: 'photo' }
);

export type WireForm = { readonly title: string; readonly submit: string; readonly fields: readonly WireField[] };

/** `handle` stands for what a press means; only the server knows it. */
export type WirePress = {
  readonly kind: 'press';
  readonly label: string;
  readonly style: WireStyle;
  readonly handle: string;
  readonly disabled: boolean;
  readonly confirm: string | null;
};
export type WireFormAction = {
  readonly kind: 'form';
  readonly label: string;
  readonly style: WireStyle;
  readonly handle: string;
  readonly form: WireForm;
};
export type WireLink = {
  readonly kind: 'link';
  readonly label: string;
  readonly style: WireStyle;
  readonly url: string;
};
export type WireAction = WirePress | WireFormAction | WireLink;

export type WireItem = {
  readonly text: readonly WireInline[];
  readonly detail: string | null;
  readonly image: WirePicture | null;
  readonly actions: readonly WireAction[];
};

export type WireBlock =
  | { readonly kind: 'paragraph'; readonly text: readonly WireInline[]; readonly tone: WireTone }
  | {
      readonly kind: 'facts';
      readonly facts: readonly { readonly label: string; readonly value: readonly WireInline[] }[];
    }
  | {
      readonly kind: 'quote';
      readonly rows: readonly {
        readonly label: string;
        readonly detail: string | null;
        readonly amount: string;
        readonly strong: boolean;
      }[];
      readonly about: string | null;
    }
  | { readonly kind: 'list'; readonly items: readonly WireItem[] }
  | { readonly kind: 'progress'; readonly label: string; readonly done: number; readonly of: number }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'copy'; readonly label: string; readonly text: string };

export type WireView = {
  /** The language the view was drawn in, which need not be the reader's. */
  readonly locale: string;
  readonly dir: 'ltr' | 'rtl';
  readonly title: string | null;
  readonly badge: { readonly text: string; readonly tone: WireTone } | null;
  readonly image: WirePicture | null;
  readonly body: readonly WireBlock[];
  readonly actions: readonly (readonly WireAction[])[];
  readonly tone: WireTone;
  /** A file behind the reader's own seat: `path` goes on from there. */
  readonly document?: { readonly name: string; readonly path: string };
};

export type WireMessage = {
  readonly id: string;
  /** Grows with every change of any message. */
  readonly seq: number;
  readonly key: string;
  /** Null: the private side. */
  readonly chatId: string | null;
  /** Null: Pasar itself speaks. */
  readonly author: { readonly id: string; readonly name: string } | null;
  readonly text: string | null;
  readonly view: WireView | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly editedAt: number | null;
};

export type WireFault = { readonly code: string; readonly text: string; readonly field: string | null };

/** `message`: the panel that answers. `reload`: name, language or role changed, the page is to be drawn again. */
export type WireReply =
  | { readonly ok: true; readonly message: WireMessage | null; readonly reload: boolean }
  | { readonly ok: false; readonly fault: WireFault };

export type WirePhotoReply =
  | { readonly ok: true; readonly digest: string; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly fault: WireFault };

/** Texts of the page itself, in the visitor's language, by their key under `web.`; `{n}` is filled in by the browser. */
export type WireWord =
  | 'cancel'
  | 'chat_empty'
  | 'close'
  | 'connection_back'
  | 'connection_lost'
  | 'copied'
  | 'copy'
  | 'field_missing'
  | 'no'
  | 'no_answer'
  | 'opens_new'
  | 'optional'
  | 'photo_choose'
  | 'photo_done'
  | 'photo_failed'
  | 'photo_remove'
  | 'photo_uploading'
  | 'private_empty'
  | 'today'
  | 'unread'
  | 'yesterday';
export type WireWords = Readonly<Record<WireWord, string>>;

export type WireBoot = {
  readonly seat: number;
  readonly me: { readonly id: string; readonly name: string };
  readonly locale: string;
  readonly timeZone: string;
  readonly chats: readonly { readonly id: string; readonly title: string }[];
  readonly messages: readonly WireMessage[];
  /** Everything up to this seq is in `messages`, or older than what is shown. */
  readonly after: number;
  readonly words: WireWords;
};
