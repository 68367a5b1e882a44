/** How many messages nobody has looked at; nothing when there are none. */

import { formatCount } from '../format.ts';

export function UnreadCount({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <>
      {' '}
      <span class="unread">
        {formatCount(count)}
        <span class="visually-hidden"> unread</span>
      </span>
    </>
  );
}
