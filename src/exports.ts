/** What every entry exports: the types of the sea's API, errors, addresses. */

export { ContentId } from './address/content-id.ts';
export { HashAddress } from './address/hash-address.ts';
export { formatAmount, parseAmount } from './base/amount.ts';
export type { ByteStream } from './base/byte-stream.ts';
export type { Value } from './base/cbor.ts';
export { type ErrorCode, isSeaError, SeaError, type SeaErrorOptions } from './base/errors.ts';
export type { ByteBlob } from './base/file-source.ts';
export type { Random } from './base/random.ts';
export type { Blocks, BlocksGetOptions, BlocksProgress, BlocksPushOptions, Push, PushTaker } from './blocks/blocks.ts';
export type { Block } from './blocks/tree.ts';
export { type Bundle, type BundleOptions, type Manifest, makeBundle } from './compute/bundle.ts';
export { confidence } from './compute/confidence.ts';
export type { MapOptions, MapProgress } from './compute/map-options.ts';
export type { ContributionStatus, RunningPart } from './compute/provider.ts';
export { type ProviderRecord, readProviderRecord } from './compute/provider-record.ts';
export type { MapResult } from './compute/result-buffer.ts';
export type { Con } from './con/con.ts';
export type { Route, Standing as Way } from './con/route.ts';
export type { ConStream } from './con/streams.ts';
export type { Credit } from './credit/credit.ts';
export type * from './credit/views.ts';
export { type ChainInfo, parseChainInfo } from './ports/chain-info.ts';
export type { Chain } from './ports/ledger.ts';
export type { Transport } from './ports/link-factory.ts';
export type { Log, LogLevel } from './ports/log.ts';
export type { PayAddress } from './ports/pay-keys.ts';
export type { ServeHandler } from './pubsub/anycast.ts';
export type { Chan, MemberListener, MessageListener, Validator } from './pubsub/chan.ts';
export type { SpreadCounts } from './pubsub/spread.ts';
export type { AnnounceOptions, Found, FoundList, Standing } from './records/records.ts';
export type { Argument } from './rpc/arguments.ts';
export type { CallRoute } from './rpc/exchange.ts';
export type { Sea } from './sea.ts';
export type { AppHandler, CallWithOptions, JoinOptions, LinkInfo, SeaEvents } from './sea-api.ts';
export { type HolderRecord, readHolderRecord } from './storage/holder-record.ts';
export type {
  Deletion,
  FileLinks,
  FileSource,
  FileStream,
  GetOptions,
  GetProgress,
  HolderStatus,
  Loan,
  LookOptions,
  OffersOptions,
  PutOptions,
  PutProgress,
  ShardSight,
  SignalOption,
  Storage,
  StoredFile,
  StoredShard,
} from './storage/storage.ts';
