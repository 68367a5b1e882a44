/** Typed events for the public objects (Sea). Inside the core facts travel through handler objects instead. */

export type Listener<T> = (detail: T) => void;

/** Calls an application's listener. What it throws, at once or from its promise, goes to `onError` and no further. */
export function tell<Details extends readonly unknown[]>(
  listener: (...details: Details) => unknown,
  details: Details,
  onError: (error: unknown) => void,
): void {
  try {
    const told = listener(...details);
    if (told instanceof Promise) told.catch(onError);
  } catch (error) {
    onError(error);
  }
}

/** `Map` names each event and the type of its detail. A listener that throws does not keep the others from hearing. */
export class Events<EventMap extends object> {
  readonly #listeners = new Map<keyof EventMap, Set<Listener<never>>>();
  readonly #onError: (error: unknown, name: keyof EventMap) => void;

  constructor(onError: (error: unknown, name: keyof EventMap) => void) {
    this.#onError = onError;
  }

  /** Returns a function that stops listening. */
  on<Name extends keyof EventMap>(name: Name, listener: Listener<EventMap[Name]>): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener as Listener<never>));
    return () => this.off(name, listener);
  }

  off<Name extends keyof EventMap>(name: Name, listener: Listener<EventMap[Name]>): void {
    this.#listeners.get(name)?.delete(listener as Listener<never>);
  }

  /** True when somebody listens. */
  heard(name: keyof EventMap): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  emit<Name extends keyof EventMap>(name: Name, detail: EventMap[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      tell(listener as Listener<EventMap[Name]>, [detail], error => this.#onError(error, name));
  }
}
