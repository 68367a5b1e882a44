/**
 * Ed25519 signatures that every implementation must judge alike. The first three are RFC 8032 §7.1; the others sit where
 * libraries part: a point of small order T is added to the key or to R, so that the equation SB = R + kA holds only when
 * it is multiplied by the cofactor, or holds as it stands. The judgement wanted is that of the plain equation, with points
 * of small order refused.
 */

export interface Ed25519Vector {
  readonly name: string;
  /** All in hex. */
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

const HONEST_KEY = 'ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c';
const MIXED_KEY = 'fbb3211d177bccefd763d01a88f6473e43e5cf0a0740e44ab5c64460eefd4675'; // the honest key + T

export const ed25519Vectors: readonly Ed25519Vector[] = [
  {
    name: 'RFC 8032 test 1',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    valid: true,
  },
  {
    name: 'RFC 8032 test 2',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    valid: true,
  },
  {
    name: 'RFC 8032 test 3',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    valid: true,
  },
  {
    name: 'a key of mixed order, the equation holds only with the cofactor',
    publicKey: MIXED_KEY,
    message: '00',
    signature:
      'ef4f62f8479733ad879cfaced3c89a9c39dd4fc795ef2efa1c3eafe4d729a0817986502d642a7e052f8ee9063b7a73d7db3aa8c17812f9378e38aa2638b3990f',
    valid: false,
  },
  {
    name: 'a key of mixed order, the equation holds',
    publicKey: MIXED_KEY,
    message: '08',
    signature:
      'ef4f62f8479733ad879cfaced3c89a9c39dd4fc795ef2efa1c3eafe4d729a0813cbb9d31bb5c3ab68c230e052e7886178bb3ed2ce0fe753461675a9821aeee06',
    valid: true,
  },
  {
    name: 'an R of mixed order, the equation holds only with the cofactor',
    publicKey: HONEST_KEY,
    message: '01',
    signature:
      'cdbc161be64c4302f56443ff29ccf36a2075be1a1fa67ff126b56315f5681c3821be7c39a4b99864c8b2fc7b5b0073c24545f508ce1ccf46d4cd03c2d510ce0f',
    valid: false,
  },
  {
    name: 'a key and an R of mixed order, the equation holds',
    publicKey: MIXED_KEY,
    message: '0000',
    signature:
      '3e91719c07a826f40e504f2d3278ac5ea1012d69b5237dc3db07af7ddf81f8c173829557906f4c417226338dbb7e41ef3c129d761a25e85b07c2e9e898208501',
    valid: true,
  },
  {
    name: 'an R of small order, the equation holds',
    publicKey: HONEST_KEY,
    message: '01',
    signature:
      '01000000000000000000000000000000000000000000000000000000000000007db420da6c6b519bd977ed69334e0e0ebbf0bf34895eb9634e7d6c607a7ad401',
    valid: false,
  },
  {
    name: 'a key that is no point of the curve',
    publicKey: '0200000000000000000000000000000000000000000000000000000000000000',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    valid: false,
  },
];

/** Every encoding of a point of small order, canonical or not. With each of them OpenSSL accepts signatures of anybody. */
export const smallOrderKeys: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

/** R = 99 B, S = 99: fits a key of small order for about every eighth message at worst. */
export const smallOrderSignature =
  'c8e15409ccfb688b0814a604dfdc51c92e8e044f92c7e779a8154c8538ec01cf6300000000000000000000000000000000000000000000000000000000000000';
