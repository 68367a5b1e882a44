/**
 * What the window and the main process say to each other over the one port between them. The window orders and reports,
 * the main process tells how its server stands and hands over the channels that newcomers open.
 */

import { type ErrorCode, errorNumbers } from '../../src/base/errors.ts';
import { fieldsOf } from './channel-messages.ts';
import { parseSettings, type Settings } from './settings.ts';

/** Window to main process. */
export type Order =
  /** Serve, with these settings (unread: the main process judges them). */
  | { readonly kind: 'start'; readonly settings: unknown }
  | { readonly kind: 'stop' }
  /** Take newcomers from now on, or none any more; answered by `listening` of the same number. */
  | { readonly kind: 'listen'; readonly on: boolean; readonly ask: number }
  /** What the health report says about the node. */
  | { readonly kind: 'report'; readonly report: NodeReport };

export interface NodeReport {
  /** 64 hex digits. */
  readonly address: string;
  readonly links: number;
  readonly online: boolean;
}

/** Main process to window. */
export type News =
  | { readonly kind: 'status'; readonly status: ServerStatus; readonly settings: Settings }
  | { readonly kind: 'listening'; readonly on: boolean; readonly ask: number }
  /** A newcomer's websocket; its frames come over the port handed over with this message. */
  | { readonly kind: 'channel'; readonly binding: Uint8Array };

export interface Complaint {
  readonly code: ErrorCode;
  readonly sentence: string;
}

export type ServerStatus =
  /** `complaint`: why it could not start. */
  | { readonly state: 'stopped'; readonly complaint: Complaint | null }
  | { readonly state: 'starting' }
  | RunningStatus
  | { readonly state: 'stopping' };

export interface RunningStatus {
  readonly state: 'running';
  /** What nodes elsewhere may dial, the best first. */
  readonly wsUrls: readonly string[];
  /** Where the page is served, the best first; none when it is not. */
  readonly pageUrls: readonly string[];
  /** Time since the start, as this message was written. */
  readonly uptimeMs: number;
}

/** Undefined for anything else. */
export function readOrder(data: unknown): Order | undefined {
  const { kind, settings, on, ask, report } = fieldsOf(data);
  switch (kind) {
    case 'start':
      return { kind, settings };
    case 'stop':
      return { kind };
    case 'listen':
      return typeof on === 'boolean' && typeof ask === 'number' ? { kind, on, ask } : undefined;
    case 'report': {
      const fit = readReport(report);
      return fit === undefined ? undefined : { kind, report: fit };
    }
    default:
      return undefined;
  }
}

/** Undefined for anything else. Throws BAD_ARGUMENT when a status comes with settings that are none. */
export function readNews(data: unknown): News | undefined {
  const { kind, status, settings, on, ask, binding } = fieldsOf(data);
  switch (kind) {
    case 'status': {
      const fit = readStatus(status);
      return fit === undefined ? undefined : { kind, status: fit, settings: parseSettings(settings) };
    }
    case 'listening':
      return typeof on === 'boolean' && typeof ask === 'number' ? { kind, on, ask } : undefined;
    case 'channel':
      return binding instanceof Uint8Array ? { kind, binding } : undefined;
    default:
      return undefined;
  }
}

function readReport(value: unknown): NodeReport | undefined {
  const { address, links, online } = fieldsOf(value);
  if (typeof address !== 'string' || !/^[0-9a-f]{64}$/.test(address)) return undefined;
  if (typeof links !== 'number' || !Number.isSafeInteger(links) || links < 0) return undefined;
  return typeof online === 'boolean' ? { address, links, online } : undefined;
}

function readStatus(value: unknown): ServerStatus | undefined {
  const { state, complaint, wsUrls, pageUrls, uptimeMs } = fieldsOf(value);
  switch (state) {
    case 'starting':
    case 'stopping':
      return { state };
    case 'stopped':
      return { state, complaint: readComplaint(complaint) };
    case 'running':
      if (!isTexts(wsUrls) || !isTexts(pageUrls) || typeof uptimeMs !== 'number') return undefined;
      return { state, wsUrls, pageUrls, uptimeMs };
    default:
      return undefined;
  }
}

function readComplaint(value: unknown): Complaint | null {
  const { code, sentence } = fieldsOf(value);
  if (typeof code !== 'string' || !Object.hasOwn(errorNumbers, code) || typeof sentence !== 'string') return null;
  return { code: code as ErrorCode, sentence };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
