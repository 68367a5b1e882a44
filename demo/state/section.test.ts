import { expect, test } from 'vitest';
import { type AddressBar, Section } from './section.ts';

/** A window whose address changes by hand. */
function bar(hash: string): AddressBar & { go(hash: string): void } {
  const listeners: (() => void)[] = [];
  const location = { hash };
  return {
    location,
    addEventListener: (_type, listener) => listeners.push(listener),
    go(next) {
      location.hash = next;
      for (const listener of listeners) listener();
    },
  };
}

test('the address names the section, and what comes after it', () => {
  expect(new Section(bar('')).current.value).toBe('jobs');
  expect(new Section(bar('#nonsense/x')).current.value).toBe('jobs');
  const section = new Section(bar('#files/a/b'));
  expect(section.current.value).toBe('files');
  expect(section.rest.value).toBe('a/b');
});

test('going back goes back, and what was in front once stays', () => {
  const window = bar('');
  const section = new Section(window);
  section.show('chat', 'tea');
  expect(window.location.hash).toBe('chat/tea');
  expect(section.current.value).toBe('chat');
  window.go('#jobs');
  expect(section.current.value).toBe('jobs');
  expect(section.rest.value).toBe('');
  expect([...section.visited.value]).toEqual(['jobs', 'chat']);
});
