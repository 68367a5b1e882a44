/** Times and addresses as people read them. English. */

/** Time that something has lasted: "under a minute", "5 min", "3 h 07 min", "2 d 4 h". */
export function formatSpan(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return 'under a minute';
  if (hours < 1) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A round-trip time; a dash before the first measure. */
export function formatRtt(rttMs: number | undefined): string {
  if (rttMs === undefined) return '–';
  return `${rttMs < 10 ? rttMs.toFixed(1) : Math.round(rttMs)} ms`;
}

/** The two ends of a 64-digit address, as much as a person compares by eye: "3fa2…91c0". */
export function shortAddress(address: string): string {
  return address.length <= 9 ? address : `${address.slice(0, 4)}…${address.slice(-4)}`;
}

/** A count with its noun in the right number: "1 peer", "3 peers". */
export function formatPlural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
