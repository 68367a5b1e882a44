/** What the page and its task frame say to each other, over one port that only these two hold. */

/** The first message, to the frame's window, with the port. `program`: text of the script that each worker runs. */
export interface FrameGreeting {
  readonly kind: 'peersea-task-frame';
  readonly program: string;
}

/** Page to frame. `start` comes with the port that the new worker talks to the page by. */
export type FrameOrder =
  | { readonly kind: 'start'; readonly worker: number }
  | { readonly kind: 'terminate'; readonly worker: number };

/** Frame to page. */
export type FrameReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'crashed'; readonly worker: number; readonly detail: string };
