/** The program of a task worker in a page: it serves the first port it is handed, which leads straight to the page. */

import { serveTasks } from './serve-tasks.ts';

addEventListener(
  'message',
  event => {
    const [port] = (event as MessageEvent).ports;
    if (port !== undefined) serveTasks(port);
  },
  { once: true },
);
