/** A chart's scale bar that fills. */

interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  readonly whole: number;
  readonly words: string;
}

export function ProgressBar({ label, done, whole, words }: ProgressBarProps) {
  const share = whole === 0 ? 0 : Math.min(1, done / whole);
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * share)}
      aria-valuetext={words}
    >
      <div class="bar-fill" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
