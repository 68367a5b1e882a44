/**
 * The golden vectors: what SeaPurse's messages hash to, are signed as and pack to, for fixed keys. Three must agree byte for
 * byte: the contract (test/Vectors.t.sol reads the same file), ethers, and the library. `vectors.json` never changes as
 * long as the contract does not; `npx vitest run contracts -u` writes it anew.
 */

import {
  computeAddress,
  concat,
  getAddress,
  getBytes,
  getCreateAddress,
  hexlify,
  recoverAddress,
  Signature,
  SigningKey,
  TypedDataEncoder,
} from 'ethers';
import { describe, expect, test } from 'vitest';
import { NoblePayKeys } from '../src/adapters/evm/noble-pay-keys.ts';
import { MemorySmallStore } from '../src/adapters/memory/memory-small-store.ts';
import * as library from '../src/credit/typed-data.ts';
import { packVoucher as libraryPackVoucher } from '../src/credit/voucher.ts';
import {
  compact,
  digestOf,
  domainOf,
  hashTimes,
  laneId,
  type Messages,
  type PrimaryType,
  packVoucher,
  structHash,
  types,
  type Voucher,
} from './typed-data.ts';
import vectors from './vectors.json' with { type: 'json' };

type Domain = typeof vectors.domain;

/** One implementation of all that the vectors hold. Words are hexadecimal with 0x, as in the file. */
interface Arm {
  structHash<T extends PrimaryType>(type: T, message: Messages[T]): Eventually<string>;
  digest<T extends PrimaryType>(domain: Domain, type: T, message: Messages[T]): Eventually<string>;
  sign(privateKey: string, digest: string): Eventually<{ r: string; vs: string }>;
  recover(digest: string, signature: { r: string; vs: string }): Eventually<string>;
  pack(voucher: Voucher, signature: { r: string; vs: string }): string;
}

type Eventually<T> = T | Promise<T>;

const payKeys = new NoblePayKeys(new MemorySmallStore(), { bytes: length => new Uint8Array(length).fill(1) });

const arms: Readonly<Record<string, Arm>> = {
  ethers: {
    structHash,
    digest: (domain, type, message) => digestOf(domainOf(domain.chainId, domain.verifyingContract), type, message),
    sign: (privateKey, digest) => compact(new SigningKey(privateKey).sign(digest)),
    recover: (digest, signature) => recoverAddress(digest, signatureOf(signature)),
    pack: (voucher, signature) => packVoucher(voucher, signatureOf(signature)),
  },
  library: {
    structHash: async (type, message) => hex(await library.structHash(payKeys, type, words(type, message))),
    digest: async ({ chainId, verifyingContract }, type, message) => {
      const chain = { id: BigInt(chainId), contract: getBytes(verifyingContract) };
      return hex(await library.digestOf(payKeys, chain, type, words(type, message)));
    },
    sign: async (privateKey, digest) => {
      const signature = (await payKeys.replace('vectors', getBytes(privateKey))).sign(getBytes(digest));
      return { r: hex(signature.subarray(0, 32)), vs: hex(signature.subarray(32)) };
    },
    recover: async (digest, { r, vs }) => {
      const signer = await payKeys.recover(getBytes(digest), getBytes(concat([r, vs])));
      return getAddress(hex(signer!));
    },
    pack: ({ payer, lane, cumulative }, { r, vs }) =>
      hex(
        libraryPackVoucher({
          payer: getBytes(payer),
          lane,
          cumulative: BigInt(cumulative),
          signature: getBytes(concat([r, vs])),
        }),
      ),
  },
};

/** A message as the library takes it: its members in order, numbers as bigint, the rest as bytes. */
function words<T extends PrimaryType>(type: T, message: Messages[T]): library.Word[] {
  return types[type].map(({ name, type: word }) => {
    const value = (message as unknown as Record<string, string | number | boolean>)[name]!;
    if (typeof value === 'boolean') return value;
    return word === 'address' || word === 'bytes32' ? getBytes(String(value)) : BigInt(value);
  });
}

function hex(bytes: Uint8Array): string {
  return hexlify(bytes);
}

/** Who signs what. */
const signers = {
  Voucher: vectors.keys.session,
  TickVoucher: vectors.keys.session,
  Reserve: vectors.keys.session,
  Claim: vectors.keys.payee,
  Release: vectors.keys.payee,
} as const;

describe.each(Object.entries(arms))('%s', (_, arm) => {
  test.each(allVectors())('$type $name', async ({ type, message, ...wanted }) => {
    expect(await arm.structHash(type, message)).toBe(wanted.structHash);
    expect(await arm.digest(vectors.domain, type, message)).toBe(wanted.digest);
    expect(await arm.sign(signers[type].privateKey, wanted.digest)).toEqual(wanted.signature);
    expect(await arm.recover(wanted.digest, wanted.signature)).toBe(signers[type].address);
  });

  test.each(vectors.Voucher)('packed $name', ({ message, signature, packed }) => {
    expect(arm.pack(message, signature)).toBe(packed);
    expect(packed.length).toBe(2 + 2 * 97);
  });

  test('another chain, contract or message has another digest', async () => {
    const { message, digest } = vectors.Voucher[0]!;
    const { domain } = vectors;
    const others = await Promise.all([
      arm.digest({ ...domain, chainId: domain.chainId + 1 }, 'Voucher', message),
      arm.digest({ ...domain, verifyingContract: vectors.payer }, 'Voucher', message),
      arm.digest(domain, 'Voucher', { ...message, payer: vectors.keys.payee.address }),
      arm.digest(domain, 'Voucher', { ...message, payee: vectors.payer }),
      arm.digest(domain, 'Voucher', { ...message, lane: 1 }),
      arm.digest(domain, 'Voucher', { ...message, cumulative: '2' }),
    ]);
    expect(new Set([digest, ...others]).size).toBe(7);
  });
});

test('the file is what it says: addresses of its keys, the contract of its deployer, both parities of y', () => {
  const { domain, deployer, keys, lane } = vectors;
  expect(computeAddress(keys.session.privateKey)).toBe(keys.session.address);
  expect(computeAddress(keys.payee.privateKey)).toBe(keys.payee.address);
  expect(getCreateAddress({ from: deployer, nonce: 0 })).toBe(domain.verifyingContract);
  expect(TypedDataEncoder.hashDomain(domainOf(domain.chainId, domain.verifyingContract))).toBe(vectors.domainSeparator);
  expect(laneId(vectors.payer, keys.session.address, keys.payee.address, lane.number)).toBe(lane.id);
  expect(hashTimes(vectors.chain.preimage, vectors.chain.hashes)).toBe(vectors.chain.root);
  const parities = allVectors().map(({ signature }) => signatureOf(signature).yParity);
  expect(new Set(parities)).toEqual(new Set([0, 1]));
});

test('the file is complete and as it would be made today', async () => {
  await expect(`${JSON.stringify(makeVectors(), null, 2)}\n`).toMatchFileSnapshot('./vectors.json');
});

interface Vector<T extends PrimaryType = PrimaryType> {
  readonly type: T;
  readonly name: string;
  readonly message: Messages[T];
  readonly structHash: string;
  readonly digest: string;
  readonly signature: { readonly r: string; readonly vs: string };
}

function allVectors(): Vector[] {
  return (Object.keys(types) as PrimaryType[]).flatMap(type =>
    vectors[type].map(vector => ({ type, ...vector }) as Vector),
  );
}

function signatureOf({ r, vs }: { r: string; vs: string }): Signature {
  return Signature.from({ r, yParityAndS: vs });
}

// ---------------------------------------------------------------------------------------------- how the file is made

function makeVectors(): object {
  const session = keyPair('0x5ea0000000000000000000000000000000000000000000000000000000000001');
  const payee = keyPair('0x5ea0000000000000000000000000000000000000000000000000000000000002');
  const deployer = '0x5EA000000000000000000000000000000000dE91';
  const payer = '0x5EA000000000000000000000000000000000Fa1e';
  const domain = { chainId: 31337, verifyingContract: getCreateAddress({ from: deployer, nonce: 0 }) };
  const chain = { preimage: `0x${'5e'.repeat(32)}`, hashes: 1024, root: hashTimes(`0x${'5e'.repeat(32)}`, 1024) };
  const lane = { payer, payee: payee.address, lane: 0 };
  const made = <T extends PrimaryType>(type: T, by: typeof session, messages: Record<string, Messages[T]>): object[] =>
    Object.entries(messages).map(([name, message]) => {
      const digest = digestOf(domainOf(domain.chainId, domain.verifyingContract), type, message);
      const signature = new SigningKey(by.privateKey).sign(digest);
      const packed = type === 'Voucher' ? { packed: packVoucher(message as Voucher, signature) } : {};
      return { name, message, structHash: structHash(type, message), digest, signature: compact(signature), ...packed };
    });
  const ticks = { ...lane, cumulative: '1000000000000000000', root: chain.root };
  const claim = { payer, key: session.address, lane: 0, to: deployer };
  return {
    domain: { name: 'SeaPurse', version: '1', ...domain },
    deployer,
    domainSeparator: TypedDataEncoder.hashDomain(domainOf(domain.chainId, domain.verifyingContract)),
    keys: { session, payee },
    payer,
    lane: { number: 7, id: laneId(payer, session.address, payee.address, 7) },
    chain,
    Voucher: made('Voucher', session, {
      smallest: { ...lane, cumulative: '1' },
      usual: { ...lane, lane: 7, cumulative: '1234567890123456789' },
      largest: { ...lane, lane: 255, cumulative: `${2n ** 96n - 1n}` },
      nothing: { ...lane, lane: 1, cumulative: '0' },
    }),
    TickVoucher: made('TickVoucher', session, {
      usual: { ...ticks, tick: '1000', max: 1024 },
      largest: { ...ticks, lane: 255, cumulative: `${2n ** 96n - 1n}`, tick: `${2n ** 96n - 1n}`, max: 65535 },
    }),
    Reserve: made('Reserve', session, {
      usual: { ...lane, lane: 7, total: '5000000000000000000', until: '1900000000' },
      largest: { ...lane, lane: 255, total: `${2n ** 96n - 1n}`, until: `${2n ** 48n - 1n}` },
    }),
    Claim: made('Claim', payee, {
      usual: { ...claim, maxFee: '1000000000000000', onlyWhileUnlocking: false, deadline: '1900000000' },
      watcher: {
        ...claim,
        lane: 255,
        maxFee: `${2n ** 96n - 1n}`,
        onlyWhileUnlocking: true,
        deadline: `${2n ** 48n - 1n}`,
      },
    }),
    Release: made('Release', payee, {
      usual: { payer, key: session.address, lane: 7, cumulativePaid: '1234567890123456789' },
      unpaid: { payer, key: session.address, lane: 0, cumulativePaid: '0' },
    }),
  };
}

function keyPair(privateKey: string): { privateKey: string; address: string } {
  return { privateKey, address: computeAddress(privateKey) };
}
