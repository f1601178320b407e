/** What every platform can draw: data without markup. Only an adapter's renderer knows HTML, embeds, components or byte limits. */
import type { StoredIntent } from '../ports/intents.ts';

/** Inline marks are data. A bare string is plain text; whoever typed it, no renderer reads markup in it. */
export type Inline = string | { readonly bold: string } | { readonly code: string };
export type Text = readonly Inline[];

export type Tone = 'plain' | 'good' | 'warning' | 'bad';

/** One row of a bill: "Mango box × 2   25.00". `strong` is the sum. */
export type QuoteRow = {
  readonly label: string;
  readonly detail?: string;
  readonly amount: string;
  readonly strong?: boolean;
};

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text; readonly tone?: Tone }
  | { readonly kind: 'facts'; readonly facts: readonly { readonly label: string; readonly value: Text }[] }
  | { readonly kind: 'quote'; readonly rows: readonly QuoteRow[]; readonly about?: string }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }
  | { readonly kind: 'progress'; readonly label: string; readonly done: number; readonly of: number }
  /** Somebody's own words, set apart from ours. */
  | { readonly kind: 'words'; readonly text: string }
  /** Something to copy: a code, a key, a tracking number. */
  | {
      readonly kind: 'copy';
      readonly label: string;
      readonly text: string;
      /** A whole document: where files can be sent it is one of this name. */
      readonly file?: string;
    };

export type ListItem = {
  readonly text: Text;
  readonly detail?: string;
  readonly image?: Picture;
  readonly actions?: readonly Action[];
};

/** An image of ours, by its digest. */
export type Picture = { readonly digest: string; readonly alt: string };

export type ActionStyle = 'primary' | 'plain' | 'danger';

/**
 * `do`: what a press means; the fields that its form asks for are missing in it. `answer` tells the adapter how to answer before any
 * read: `u` edits the message pressed, `p` shows a private panel, `f` opens the form.
 */
export type Action =
  | {
      readonly kind: 'press';
      readonly label: string;
      readonly style?: ActionStyle;
      readonly do: StoredIntent;
      readonly answer: 'u' | 'p';
      readonly disabled?: boolean;
      /** Asked before acting: an irreversible step says what it will do. */
      readonly confirm?: string;
    }
  | {
      readonly kind: 'form';
      readonly label: string;
      readonly style?: ActionStyle;
      readonly do: StoredIntent;
      readonly form: Form;
    }
  | { readonly kind: 'link'; readonly label: string; readonly style?: ActionStyle; readonly url: string };

export type Field = {
  /** The intent's field this fills ("title", "form.price"). */
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

export type Form = { readonly title: string; readonly submit: string; readonly fields: readonly Field[] };

/** Something to take away: a platform offers it as a file. Drawn anew each time it is asked for. */
export type Document = { readonly name: string; readonly mime: string; readonly content: string | Uint8Array };

export type View = {
  readonly title?: string;
  /** A short word beside the title: "Sold out", "Paid". */
  readonly badge?: { readonly text: string; readonly tone: Tone };
  readonly image?: Picture;
  readonly body: readonly Block[];
  /** Rows of buttons. */
  readonly actions: readonly (readonly Action[])[];
  readonly tone: Tone;
  readonly document?: Document;
};

export const bold = (text: string): Inline => ({ bold: text });
export const code = (text: string): Inline => ({ code: text });
export const para = (text: Text | string, tone?: Tone): Block => ({
  kind: 'paragraph',
  text: typeof text === 'string' ? [text] : text,
  ...(tone ? { tone } : {}),
});
