/** A file on its way to its reader: a stream, and an async iterable also where streams are none (Safari). */

import { whenAborted } from '../base/abort.ts';
import { readAll } from '../base/byte-stream.ts';
import { SeaError } from '../base/errors.ts';

/** `for await` reads it, and so does all that takes a `ReadableStream`; leaving or cancelling it stops the fetching. */
export type FileStream = ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;

/** What `begin` gives, begun with the first read and asked for as it is read. Its signal fires with `signal`, or when the reader leaves. */
export function fileStream(
  signal: AbortSignal | undefined,
  begin: (signal: AbortSignal) => AsyncGenerator<Uint8Array, void, undefined>,
): FileStream {
  const leaving = new AbortController();
  const pieces = begin(leaving.signal);
  const forget = whenAborted(signal, error => leaving.abort(error));
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        forget();
      },
      cancel() {
        forget();
        leaving.abort(new SeaError('ABORTED', 'the reader left'));
        void pieces.return().catch(() => {}); // it left: nobody asks how it ended
      },
    },
    { highWaterMark: 0 },
  );
  return Object.assign(stream, { [Symbol.asyncIterator]: () => readAll(stream) });
}
