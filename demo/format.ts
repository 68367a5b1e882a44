/** Numbers, times and addresses as people read them. English, no trailing zeros where they say nothing. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A count with thousands separators: 12,345. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A count with its noun in the right number: "1 peer", "3 peers". `many` where adding an s is not enough. */
export function formatPlural(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A rate with one decimal below 100: 0.4, 12.5, 340. */
export function formatRate(rate: number): string {
  return rate < 100 ? oneDecimal.format(rate) : whole.format(rate);
}

/** Milliseconds as a duration: "340 ms", "3.2 s", "2 min 05 s", "1 h 02 min". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${whole.format(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** A round-trip time: "3.3 ms", "2.5 s"; "not measured" before the first measure. */
export function formatRtt(rttMs: number | undefined): string {
  if (rttMs === undefined) return 'not measured';
  if (rttMs >= 1000) return formatDuration(rttMs);
  return rttMs < 10 ? `${rttMs.toFixed(1)} ms` : `${whole.format(rttMs)} ms`;
}

/** Bytes in decimal units: "512 B", "1.5 kB", "12 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? oneDecimal.format(value) : whole.format(value)} ${units[unit]}`;
}

/** A day as in "21 Nov 2026", in this device's time zone. Unix time, ms. */
export function formatDate(ms: number): string {
  return day.format(ms);
}

/** Pixels of a picture: "3 megapixels", "0.5 megapixels"; below a tenth of one "3,072 pixels". */
export function formatPixels(width: number, height: number): string {
  const pixels = width * height;
  if (pixels < 100_000) return formatPlural(pixels, 'pixel');
  const millions = (pixels < 10_000_000 ? oneDecimal : whole).format(pixels / 1e6);
  return `${millions} ${millions === '1' ? 'megapixel' : 'megapixels'}`;
}

/** The two ends of a 64-digit address, as much as a person compares by eye: "3fa2…91c0". */
export function shortAddress(address: string): string {
  return address.length <= 9 ? address : `${address.slice(0, 4)}…${address.slice(-4)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
