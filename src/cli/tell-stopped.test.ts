import { expect, test } from 'vitest';
import { Events } from '../base/events.ts';
import type { CreditStatus } from '../credit/credit.ts';
import type { SeaEvents } from '../sea-api.ts';
import { tellStopped } from './tell-stopped.ts';

test('a payer of whom no more is taken is told once, and again when it has come to that again', () => {
  const events = new Events<Pick<SeaEvents, 'credit'>>(() => {});
  const logged: string[] = [];
  const log = { write: (level: string, message: string): void => void logged.push(`${level}: ${message}`) };
  tellStopped({ on: events.on.bind(events) as never }, log, 'peersea claim');
  const told = (...stoppedPayers: string[]): string[] => {
    const status = { earned: 1n, ...(stoppedPayers.length > 0 && { stoppedPayers }) } as unknown as CreditStatus;
    events.emit('credit', status);
    return logged.splice(0);
  };
  const stopped = (payer: string): string =>
    `warn: takes no more from ${payer} until what it has signed is claimed: peersea claim`;
  expect(told()).toEqual([]);
  expect(told('0xa')).toEqual([stopped('0xa')]);
  expect(told('0xa')).toEqual([]);
  expect(told('0xb', '0xa')).toEqual([stopped('0xb')]);
  expect(told('0xb')).toEqual(['info: takes more from 0xa again']);
  expect(told('0xb', '0xa')).toEqual([stopped('0xa')]);
});
