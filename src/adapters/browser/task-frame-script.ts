/**
 * The one script of the task frame. It starts and ends workers when the page says so and hands each the page's port:
 * tasks, inputs and results never pass through here. Bundled into the frame's markup with its hash (scripts/generate.mjs).
 */

import type { FrameGreeting, FrameOrder, FrameReport } from './task-frame-messages.ts';

const workers = new Map<number, Worker>();

addEventListener('message', function greet(event: MessageEvent<FrameGreeting>) {
  const [port] = event.ports;
  if (event.source !== parent || event.data?.kind !== 'peersea-task-frame' || port === undefined) return;
  removeEventListener('message', greet);
  const program = URL.createObjectURL(new Blob([event.data.program], { type: 'text/javascript' }));
  port.onmessage = (order: MessageEvent<FrameOrder>) => obey(order.data, order.ports, program, report);
  const report = (fact: FrameReport): void => port.postMessage(fact);
  report({ kind: 'ready' });
});

function obey(
  order: FrameOrder,
  ports: readonly MessagePort[],
  program: string,
  report: (fact: FrameReport) => void,
): void {
  if (order.kind === 'start') start(order.worker, ports, program, report);
  else {
    workers.get(order.worker)?.terminate();
    workers.delete(order.worker);
  }
}

function start(id: number, ports: readonly MessagePort[], program: string, report: (fact: FrameReport) => void): void {
  const crashed = (detail: string): void => {
    workers.delete(id);
    report({ kind: 'crashed', worker: id, detail });
  };
  try {
    const worker = new Worker(program);
    workers.set(id, worker);
    worker.onerror = event => {
      worker.terminate();
      crashed(event.message ?? 'its script was refused');
    };
    worker.postMessage(undefined, [...ports]);
  } catch (error) {
    crashed(String(error)); // some engines throw where a policy forbids the worker, others fire `error`
  }
}
