/** Lines for people who look after a node. Values are logged as data beside a constant message. */

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** All levels, the least important first. */
export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export interface Log {
  write(level: LogLevel, message: string, data?: Readonly<Record<string, unknown>>): void;
}

/** Drops every line. */
export const silentLog: Log = { write() {} };
