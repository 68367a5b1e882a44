/** For `node --import`: has `electron` mean the stand-in beside this file. */

import { register } from 'node:module';

const fake = new URL('./fake-electron.mjs', import.meta.url).href;
const hooks = `export async function resolve(name, context, next) {
  return name === 'electron' ? { url: ${JSON.stringify(fake)}, shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
