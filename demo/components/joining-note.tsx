/** What a visitor reads when joining takes longer than a moment. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Most visitors are in by then, ms. */
const PATIENCE_MS = 2_500;

export function JoiningNote({ onCancel }: { readonly onCancel: () => void }) {
  const late = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      late.value = true;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [late]);
  if (!late.value) return null;
  return (
    <div class="note joining" role="status">
      <p>
        <strong>Still looking for a way into the sea.</strong> The first peer has not answered yet; the page goes on
        trying.
      </p>
      <button type="button" class="button quiet small" onClick={onCancel}>
        Stop trying
      </button>
    </div>
  );
}
