/**
 * What is signed by keys of the chains: EIP-712 digests of SeaPurse's messages, and of two of our own that no contract
 * reads yet (`Binding`, `Receipts`, under the name "Peersea"). Members in the order that is hashed; each is one word.
 */

import { concat, utf8Encode } from '../base/bytes.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayKeys } from '../ports/pay-keys.ts';
import { toBytes } from './amount.ts';

const lane = 'address payer,address payee,uint8 lane';
const byPayee = 'address payer,address key,uint8 lane';

export type MessageType = 'Voucher' | 'TickVoucher' | 'Reserve' | 'Claim' | 'Release' | 'Binding' | 'Receipts';

const members: Readonly<Record<MessageType, string>> = {
  Voucher: `${lane},uint96 cumulative`,
  TickVoucher: `${lane},uint96 cumulative,bytes32 root,uint96 tick,uint16 max`,
  Reserve: `${lane},uint96 total,uint48 until`,
  Claim: `${byPayee},address to,uint96 maxFee,bool onlyWhileUnlocking,uint48 deadline`,
  Release: `${byPayee},uint96 cumulativePaid`,
  /** A pay key or session key stands for this node address. */
  Binding: 'bytes32 node',
  /** The Merkle root of receipts. */
  Receipts: 'bytes32 root',
};

/** A member's value: numbers as bigint, addresses (20) and words (32) as bytes. */
export type Word = bigint | boolean | Uint8Array;

/** What a message is signed for: a deployment of SeaPurse, or Peersea itself. */
export type TypedDomain = Chain | 'Peersea';

type Keccak = Pick<PayKeys, 'keccak'>;

/** hashStruct of EIP-712. `values` in the order of the type's members. */
export async function structHash(keys: Keccak, type: MessageType, values: readonly Word[]): Promise<Uint8Array> {
  const typeHash = await keys.keccak(utf8Encode(`${type}(${members[type]})`));
  return keys.keccak(concat(typeHash, ...values.map(word)));
}

/** The 32 bytes that are signed. */
export async function digestOf(
  keys: Keccak,
  domain: TypedDomain,
  type: MessageType,
  values: readonly Word[],
): Promise<Uint8Array> {
  const [separator, struct] = await Promise.all([domainSeparator(keys, domain), structHash(keys, type, values)]);
  return keys.keccak(concat(Uint8Array.of(0x19, 0x01), separator, struct));
}

async function domainSeparator(keys: Keccak, domain: TypedDomain): Promise<Uint8Array> {
  const named = async (name: string, fields: string, ...words: Word[]): Promise<Uint8Array> => {
    const texts = [`EIP712Domain(string name,string version${fields})`, name, '1'];
    const heads = await Promise.all(texts.map(text => keys.keccak(utf8Encode(text))));
    return keys.keccak(concat(...heads, ...words.map(word)));
  };
  if (domain === 'Peersea') return named('Peersea', '');
  return named('SeaPurse', ',uint256 chainId,address verifyingContract', domain.id, domain.contract);
}

function word(value: Word): Uint8Array {
  if (value instanceof Uint8Array) return concat(new Uint8Array(32 - value.length), value);
  return toBytes(BigInt(value), 32);
}
