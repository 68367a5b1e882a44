/** What the calls of this service are named. See `messages.ts` for what each carries. */

export const scopes = {
  offer: 'storage:offer',
  begin: 'storage:begin',
  piece: 'storage:piece',
  commit: 'storage:commit',
  challenge: 'storage:challenge',
  get: 'storage:get',
  delete: 'storage:delete',
} as const;
