/** Types for comlink's ESM Node adapter, whose own declaration lies under a name that the compiler does not look for. */
declare module 'comlink/dist/esm/node-adapter.mjs' {
  export default function nodeEndpoint(
    port: import('./node-endpoint.ts').NodePort,
  ): import('./worker-endpoint.ts').WorkerEndpoint;
}
