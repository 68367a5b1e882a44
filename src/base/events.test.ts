import { expect, test } from 'vitest';
import { Events } from './events.ts';

interface Facts {
  tide: number;
  calm: undefined;
}

function makeEvents(): { events: Events<Facts>; errors: unknown[]; heard: string[] } {
  const errors: unknown[] = [];
  return { events: new Events<Facts>((error, name) => errors.push(`${name}: ${String(error)}`)), errors, heard: [] };
}

test('listeners hear their event in the order they came, until they stop', () => {
  const { events, heard } = makeEvents();
  const stop = events.on('tide', level => heard.push(`a${level}`));
  const second = (level: number): void => void heard.push(`b${level}`);
  events.on('tide', second);
  events.on('calm', () => heard.push('calm'));
  events.emit('tide', 1);
  stop();
  events.emit('tide', 2);
  events.off('tide', second);
  events.emit('tide', 3);
  events.emit('calm', undefined);
  expect(heard).toEqual(['a1', 'b1', 'b2', 'calm']);
});

test('an event that nobody hears, and a listener that never was, are no matter', () => {
  const { events, errors } = makeEvents();
  events.emit('tide', 1);
  events.off('tide', () => {});
  expect(errors).toEqual([]);
});

test('a listener that throws does not keep the others from hearing', () => {
  const { events, errors, heard } = makeEvents();
  events.on('tide', () => {
    throw new Error('leak');
  });
  events.on('tide', level => heard.push(`b${level}`));
  events.emit('tide', 1);
  expect(heard).toEqual(['b1']);
  expect(errors).toEqual(['tide: Error: leak']);
});

test('what a listener throws later, from its promise, is told like what it throws at once', async () => {
  const { events, errors, heard } = makeEvents();
  events.on('tide', async level => {
    await Promise.resolve();
    if (level > 1) throw new Error('flood');
    heard.push('dry');
  });
  events.emit('tide', 1);
  events.emit('tide', 2);
  await new Promise(resolve => setTimeout(resolve, 0)); // an unhandled rejection would fail the run here
  expect([heard, errors]).toEqual([['dry'], ['tide: Error: flood']]);
});

test('listeners that come or go while an event is told count from the next one on', () => {
  const { events, heard } = makeEvents();
  const stop = events.on('tide', () => {
    stop();
    heard.push('first');
    events.on('tide', () => heard.push('new'));
  });
  events.emit('tide', 1);
  events.emit('tide', 2);
  expect(heard).toEqual(['first', 'new']);
});
