/** The settings form: texts as typed, and the settings they make. */

import { asSeaError, SeaError } from '../../src/base/errors.ts';
import { parseSettings, type Settings } from '../shared/settings.ts';

/** Everything as typed. */
export interface FormValue {
  readonly port: string;
  readonly reach: Settings['reach'];
  readonly publicUrl: string;
  /** One to a line. */
  readonly bootstraps: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export function formOf(settings: Settings): FormValue {
  return { ...settings, port: String(settings.port), bootstraps: settings.bootstraps.join('\n') };
}

/** The settings, or a sentence about what does not fit. */
export function settingsOf(form: FormValue): Settings | string {
  try {
    if (!/^\s*\d{1,5}\s*$/.test(form.port))
      throw new SeaError('BAD_ARGUMENT', 'A port is a whole number from 0 to 65535.');
    const bootstraps = form.bootstraps.split(/\s+/).filter(Boolean);
    return parseSettings({ ...form, port: Number(form.port), bootstraps });
  } catch (error) {
    const { code, message } = asSeaError(error);
    return message.replace(`${code}: `, '');
  }
}
