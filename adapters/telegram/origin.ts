/** Somebody a message speaks of: by Telegram's id, or by a public name without its @. `text` as it stands in the message. */
export type Mentioned = { readonly userId: string | null; readonly username: string | null; readonly text: string };

/** Where something was said or pressed. */
export type Origin = {
  /** Null in private. */
  readonly group: {
    readonly chat: string;
    /** Ours. */
    readonly chatId: string;
    readonly topic: number | undefined;
  } | null;
  /** Of a tap; good for fifteen seconds. */
  readonly queryId?: string;
  /** The message that was tapped. */
  readonly pressed?:
    | undefined
    | { readonly message: number; readonly ephemeral: number | undefined; readonly photo: boolean };
  /** A command in a group: what an answer may reply to. */
  readonly command?: { readonly message: number; readonly ephemeral: number | undefined };
  /** The message that brought it: a name for its wish, and the photo that came with it. */
  readonly update?: {
    readonly name: string;
    readonly fileId: string | null;
    readonly mentioned: readonly Mentioned[];
    readonly repliedTo: Mentioned | undefined;
  };
};
