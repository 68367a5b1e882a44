/** SeaPurse as wallets call it, in the words of its manual (contracts/src/ISeaPurse.sol), and what its refusals mean. */

import { Interface } from 'ethers';

const voucher = '(address payer, address payee, uint8 lane, uint96 cumulative)';
const claim =
  '(address payer, address key, uint8 lane, address to, uint96 maxFee, bool onlyWhileUnlocking, uint48 deadline)';
const signature = '(bytes32 r, bytes32 vs)';

/** Calls and events that a wallet has to do with; every error. A test holds it against the compiled contract. */
export const purseInterface: Interface = new Interface([
  'function open(address key, uint48 expiry, uint256 amount) payable',
  'function topUp(address payer, address key, uint256 amount) payable',
  'function requestUnlock(address key)',
  'function withdraw(address key)',
  'function redeemBatch(address payee, bytes packed)',
  `function claimFor(${voucher} v, ${signature} byKey, ${claim} c, ${signature} byPayee, uint96 fee)`,
  'function take()',
  'function asset() view returns (address)',
  'function owed(address owner) view returns (uint256)',
  'event Redeemed(address indexed payer, address indexed key, address indexed payee, uint8 lane, uint256 amount, uint256 paid)',
  'event Skipped(address indexed payee, uint256 index)',
  'event Claimed(address indexed payee, address indexed to, address indexed by, uint256 amount, uint256 fee)',
  'event Withdrawn(address indexed payer, address indexed key, uint256 amount)',
  'event Taken(address indexed by, uint256 amount)',
  'event Owed(address indexed to, uint256 amount)',
  'error AmountTooLarge()',
  'error ClaimExpired()',
  'error ClaimMismatch()',
  'error ClaimNotByPayee(address signer)',
  'error ExpiryPassed()',
  'error FeeTooHigh()',
  'error InsufficientFree(uint256 free, uint256 needed)',
  'error NotEnoughGas()',
  'error NotUnlocking()',
  'error NothingOwed()',
  'error NothingReceived()',
  'error NothingReserved()',
  'error NothingToPay(address key)',
  'error PurseExists()',
  'error PurseNotOpen()',
  'error ReentrancyGuardReentrantCall()',
  'error ReleaseMismatch(uint256 paid)',
  'error SafeERC20FailedOperation(address token)',
  'error StaleReserve(uint48 until)',
  'error StillLocked(uint256 unlockTime)',
  'error StillReserved(uint256 heldThrough)',
  'error TooManyTicks()',
  'error TransferFailed()',
  'error Unlocking()',
  'error WrongLength()',
  'error WrongPreimage()',
  'error WrongValue()',
  'error ZeroKey()',
  'error ECDSAInvalidSignature()',
  'error ECDSAInvalidSignatureLength(uint256 length)',
  'error ECDSAInvalidSignatureS(bytes32 s)',
]);

/** The members of an ERC-20 that a purse of that token needs. */
export const tokenInterface: Interface = new Interface([
  'function balanceOf(address owner) view returns (uint256)',
  'function allowance(address owner, address spender) view returns (uint256)',
  'function approve(address spender, uint256 amount) returns (bool)',
]);

const sentences: Readonly<Record<string, string>> = {
  ClaimExpired: 'The claim’s deadline has passed: sign a new one.',
  ClaimMismatch: 'The claim is for another payer, key or lane than the voucher.',
  ClaimNotByPayee: 'The claim is not signed by the voucher’s payee.',
  ExpiryPassed: 'The expiry lies in the past.',
  FeeTooHigh: 'The fee is more than the claim allows, or more than what is paid.',
  InsufficientFree: 'The purse does not hold that much.',
  NotEnoughGas: 'Too little gas was given for the payment: try again with more.',
  NotUnlocking: 'This claim holds only while its purse is being unlocked, and it is not.',
  NothingOwed: 'Nothing is owed to this account.',
  NothingReceived: 'The deposit did not arrive.',
  NothingToPay: 'Nothing is left to pay: it was paid before, or the purse is empty.',
  PurseExists: 'There was a purse with this key before: take a fresh key.',
  PurseNotOpen: 'There is no open purse with this key.',
  StillLocked: 'The purse is locked: ask for the unlock first, then wait until its delay is over.',
  TransferFailed: 'The payment to this account failed again: it is still owed.',
  Unlocking: 'The purse is being unlocked already, or has expired.',
  WrongLength: 'The vouchers are not packed as they must be.',
  WrongValue: 'The money sent along is not the amount named.',
  ZeroKey: 'A purse needs a session key.',
};

/** What a contract's refusal says, as a sentence; undefined for data that is none of SeaPurse's errors. */
export function refusalOf(data: unknown): string | undefined {
  if (typeof data !== 'string' || !/^0x[0-9a-f]{8,}$/i.test(data)) return undefined;
  let name: string | undefined;
  try {
    name = purseInterface.parseError(data)?.name;
  } catch {
    return undefined; // an error of ours by its first bytes, with arguments that are not
  }
  return name === undefined ? undefined : (sentences[name] ?? `The contract refused: ${name}.`);
}
