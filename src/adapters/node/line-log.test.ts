import { describe, expect, it } from 'vitest';
import { SeaError } from '../../base/errors.ts';
import { LineLog, type LineLogOptions } from './line-log.ts';

const clock = { now: () => 0, wallMs: () => 1_763_640_000_000, after: () => () => {} };

function logged(options: LineLogOptions, use: (log: LineLog) => void): string[] {
  const lines: string[] = [];
  use(new LineLog(clock, { ...options, write: line => lines.push(line) }));
  return lines;
}

describe('LineLog', () => {
  it('writes text for people', () => {
    const lines = logged({}, log => {
      log.write('info', 'a link opened', { peer: Uint8Array.of(1, 255), rttMs: 3 });
      log.write('error', 'no bootstrap');
    });
    expect(lines).toEqual([
      '2025-11-20T12:00:00.000Z info  a link opened {"peer":"01ff","rttMs":3}\n',
      '2025-11-20T12:00:00.000Z error no bootstrap\n',
    ]);
  });

  it('writes one JSON object a line', () => {
    const [line] = logged({ format: 'json' }, log =>
      log.write('warn', 'refused', { error: new SeaError('TIMEOUT', 'too late') }),
    );
    expect(line?.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line!)).toEqual({
      time: '2025-11-20T12:00:00.000Z',
      level: 'warn',
      message: 'refused',
      data: { error: { code: 'TIMEOUT', message: 'TIMEOUT: too late' } },
    });
  });

  it('drops lines below its level', () => {
    const all = (log: LineLog): void => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log.write(level, level);
    };
    expect(logged({}, all).length).toBe(3);
    expect(logged({ least: 'error' }, all).length).toBe(1);
    expect(logged({ least: 'debug' }, all).length).toBe(4);
  });

  it("a stranger's text can neither begin a line nor steer a terminal", () => {
    const [line] = logged({}, log => log.write('info', 'said', { text: 'a\nb\u001b[2J\u009b2J\u2028\u007f' }));
    expect(line).toBe('2025-11-20T12:00:00.000Z info  said {"text":"a\\nb\\u001b[2J\\u009b2J\\u2028\\u007f"}\n');
  });

  it('takes values that JSON does not', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const [big, round] = logged({}, log => {
      log.write('info', 'big', { wei: 2n ** 70n, error: new RangeError('off') });
      log.write('info', 'round', circle);
    });
    expect(big).toContain('{"wei":"1180591620717411303424","error":{"name":"RangeError","message":"off"}}');
    expect(round).toContain('data that could not be logged');
    expect(round?.split('\n').length).toBe(2);
  });
});
