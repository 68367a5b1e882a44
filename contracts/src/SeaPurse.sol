// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ISeaPurse} from "./ISeaPurse.sol";

/// @title SeaPurse: prepaid purses that pay cumulative vouchers signed off chain
/// @notice What each call does, in which units, and how it fails: ISeaPurse. No owner, no proxy, no pause.
/// @dev Nothing is ever deleted or reset: an old signature must not come back to life. State changes before money moves,
/// every call is guarded against reentrance, and no transfer's failure can undo a call.
contract SeaPurse is ISeaPurse, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    // ------------------------------------------------------------------ constants

    bytes32 private constant VOUCHER_TYPEHASH =
        keccak256("Voucher(address payer,address payee,uint8 lane,uint96 cumulative)");
    bytes32 private constant TICK_VOUCHER_TYPEHASH = keccak256(
        "TickVoucher(address payer,address payee,uint8 lane,uint96 cumulative,bytes32 root,uint96 tick,uint16 max)"
    );
    bytes32 private constant RESERVE_TYPEHASH =
        keccak256("Reserve(address payer,address payee,uint8 lane,uint96 total,uint48 until)");
    bytes32 private constant CLAIM_TYPEHASH = keccak256(
        "Claim(address payer,address key,uint8 lane,address to,uint96 maxFee,bool onlyWhileUnlocking,uint48 deadline)"
    );
    bytes32 private constant RELEASE_TYPEHASH =
        keccak256("Release(address payer,address key,uint8 lane,uint96 cumulativePaid)");

    /// @dev payer 20, lane 1, cumulative 12, r 32, vs 32.
    uint256 private constant PACKED_VOUCHER_BYTES = 97;
    uint256 private constant TICKS_MAX = 1024;
    uint48 private constant DELAY_MIN = 1 minutes;
    uint48 private constant DELAY_MAX = 30 days;
    uint48 private constant NEVER = type(uint48).max;

    /// @dev What a payment's receiver or token may use: a cold proxy token takes about 60,000.
    uint256 private constant TRANSFER_GAS = 100_000;
    /// @dev What must be left before such a payment, so that TRANSFER_GAS reaches it (63/64 of what is left after 11,600
    /// for the call itself) and its failure can still be written down (24,000).
    uint256 private constant GAS_BEFORE_TRANSFER = 170_000;

    // ------------------------------------------------------------------ state

    address public immutable asset;
    uint48 public immutable unlockDelay;

    mapping(address payer => mapping(address key => Purse)) private _purses;
    mapping(bytes32 id => Lane) private _lanes;
    mapping(address owner => uint256) public owed;

    // ------------------------------------------------------------------ construction

    /// @param asset_ ERC-20, or `address(0)` for the native coin.
    /// @param unlockDelay_ Seconds, 1 minute to 30 days.
    constructor(address asset_, uint48 unlockDelay_) EIP712("SeaPurse", "1") {
        if (asset_ != address(0) && asset_.code.length == 0) revert AssetWithoutCode(asset_);
        if (unlockDelay_ < DELAY_MIN || unlockDelay_ > DELAY_MAX) revert DelayOutOfBounds(unlockDelay_);
        asset = asset_;
        unlockDelay = unlockDelay_;
    }

    // ------------------------------------------------------------------ fund

    /// @inheritdoc ISeaPurse
    function open(address key, uint48 expiry, uint256 amount) external payable nonReentrant {
        if (key == address(0)) revert ZeroKey();
        if (expiry == 0) expiry = NEVER;
        if (expiry <= block.timestamp) revert ExpiryPassed();
        Purse storage p = _purses[msg.sender][key];
        if (p.state != PurseState.None) revert PurseExists();
        uint128 received = _receive(amount);
        _purses[msg.sender][key] = Purse(received, 0, expiry, PurseState.Open);
        emit Opened(msg.sender, key, received, expiry);
    }

    /// @inheritdoc ISeaPurse
    function topUp(address payer, address key, uint256 amount) external payable nonReentrant {
        Purse storage p = _purses[payer][key];
        _requireSpendable(p);
        uint128 received = _receive(amount);
        p.free += received;
        emit ToppedUp(payer, key, received);
    }

    /// @inheritdoc ISeaPurse
    function reserve(Reserve calldata r, Signature calldata byKey) external nonReentrant {
        address key = _signer(keccak256(abi.encode(RESERVE_TYPEHASH, r)), byKey);
        Purse storage p = _purses[r.payer][key];
        _requireSpendable(p);
        Lane storage l = _lanes[_laneId(r.payer, key, r.payee, r.lane)];
        if (r.until <= l.until || r.until <= block.timestamp) revert StaleReserve(l.until);
        uint256 covered = uint256(l.paid) + l.reserved;
        uint256 needed = r.total > covered ? r.total - covered : 0;
        if (needed > p.free) revert InsufficientFree(p.free, needed);
        p.free -= uint128(needed); // <= free
        l.reserved += uint104(needed); // <= total, 96 bits
        l.until = r.until;
        emit Reserved(r.payer, key, r.payee, r.lane, l.reserved, r.until);
    }

    // ------------------------------------------------------------------ redeem

    /// @inheritdoc ISeaPurse
    function redeem(Voucher calldata v, Signature calldata byKey) external nonReentrant {
        (address payer, address payee, uint8 laneNo, uint96 cumulative) = (v.payer, v.payee, v.lane, v.cumulative);
        address key = _signer(_hashVoucher(payer, payee, laneNo, cumulative), byKey);
        _push(payee, _drawSome(payer, key, payee, laneNo, cumulative));
    }

    /// @inheritdoc ISeaPurse
    function redeemTicks(TickVoucher calldata t, Signature calldata byKey, uint16 ticks, bytes32 preimage)
        external
        nonReentrant
    {
        if (ticks > t.max || ticks > TICKS_MAX) revert TooManyTicks();
        if (_hashTimes(preimage, ticks) != t.root) revert WrongPreimage();
        uint256 cumulative = t.cumulative + uint256(ticks) * t.tick;
        if (cumulative > type(uint104).max) revert AmountTooLarge();
        address key = _signer(keccak256(abi.encode(TICK_VOUCHER_TYPEHASH, t)), byKey);
        _push(t.payee, _drawSome(t.payer, key, t.payee, t.lane, cumulative));
    }

    /// @inheritdoc ISeaPurse
    function redeemBatch(address payee, bytes calldata packed) external nonReentrant {
        if (packed.length % PACKED_VOUCHER_BYTES != 0) revert WrongLength();
        bytes32 domain = _domainSeparatorV4();
        uint256 total = 0;
        for (uint256 start = 0; start < packed.length; start += PACKED_VOUCHER_BYTES) {
            uint256 amount = _drawPacked(payee, domain, packed, start);
            if (amount == 0) emit Skipped(payee, start / PACKED_VOUCHER_BYTES);
            total += amount;
        }
        _push(payee, total);
    }

    /// @inheritdoc ISeaPurse
    function claimFor(
        Voucher calldata v,
        Signature calldata byKey,
        Claim calldata c,
        Signature calldata byPayee,
        uint96 fee
    ) external nonReentrant {
        (address payer, address payee, uint8 laneNo, uint96 cumulative) = (v.payer, v.payee, v.lane, v.cumulative);
        address key = _signer(_hashVoucher(payer, payee, laneNo, cumulative), byKey);
        if (c.payer != payer || c.key != key || c.lane != laneNo) revert ClaimMismatch();
        _checkClaim(c, byPayee, payee);
        uint256 amount = _drawSome(payer, key, payee, laneNo, cumulative);
        if (fee > c.maxFee || fee > amount) revert FeeTooHigh();
        emit Claimed(payee, c.to, msg.sender, amount, fee);
        _push(c.to, amount - fee);
        _push(msg.sender, fee);
    }

    /// @inheritdoc ISeaPurse
    function take() external nonReentrant {
        uint256 amount = owed[msg.sender];
        if (amount == 0) revert NothingOwed();
        owed[msg.sender] = 0;
        if (!_transfer(msg.sender, amount, gasleft())) revert TransferFailed();
        emit Taken(msg.sender, amount);
    }

    // ------------------------------------------------------------------ withdraw

    /// @inheritdoc ISeaPurse
    function release(address payer, address key, address payee, uint8 laneNo) external nonReentrant {
        Lane storage l = _lanes[_laneId(payer, key, payee, laneNo)];
        uint256 heldThrough = uint256(l.until) + unlockDelay;
        if (block.timestamp <= heldThrough) revert StillReserved(heldThrough);
        _release(l, payer, key, payee, laneNo);
    }

    /// @inheritdoc ISeaPurse
    function releaseSigned(Release calldata r, Signature calldata byPayee) external nonReentrant {
        address payee = _signer(keccak256(abi.encode(RELEASE_TYPEHASH, r)), byPayee);
        Lane storage l = _lanes[_laneId(r.payer, r.key, payee, r.lane)];
        if (l.paid != r.cumulativePaid) revert ReleaseMismatch(l.paid);
        l.until = NEVER; // no Reserve is later than this: neither an old one nor this Release can be used again
        _release(l, r.payer, r.key, payee, r.lane);
    }

    /// @inheritdoc ISeaPurse
    function requestUnlock(address key) external nonReentrant {
        Purse storage p = _purses[msg.sender][key];
        _requireSpendable(p);
        p.unlockAt = (block.timestamp + unlockDelay).toUint48();
        emit UnlockRequested(msg.sender, key, p.unlockAt);
    }

    /// @inheritdoc ISeaPurse
    function withdraw(address key) external nonReentrant {
        Purse storage p = _purses[msg.sender][key];
        if (p.state != PurseState.Open) revert PurseNotOpen();
        uint256 time = _unlockTime(p);
        if (block.timestamp < time) revert StillLocked(time);
        uint256 amount = p.free;
        p.free = 0;
        p.state = PurseState.Closed;
        emit Withdrawn(msg.sender, key, amount);
        _push(msg.sender, amount);
    }

    // ------------------------------------------------------------------ read

    /// @inheritdoc ISeaPurse
    function purse(address payer, address key) external view returns (Purse memory) {
        return _purses[payer][key];
    }

    /// @inheritdoc ISeaPurse
    function lane(address payer, address key, address payee, uint8 laneNo) external view returns (Lane memory) {
        return _lanes[_laneId(payer, key, payee, laneNo)];
    }

    /// @inheritdoc ISeaPurse
    function unlockTime(address payer, address key) external view returns (uint256) {
        return _unlockTime(_purses[payer][key]);
    }

    // ------------------------------------------------------------------ lanes

    /// @dev keccak256(abi.encode(payer, key, payee, laneNo)), without allocating: every redemption comes by here.
    function _laneId(address payer, address key, address payee, uint8 laneNo) private pure returns (bytes32 id) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, shr(96, shl(96, payer)))
            mstore(add(free, 0x20), shr(96, shl(96, key)))
            mstore(add(free, 0x40), shr(96, shl(96, payee)))
            mstore(add(free, 0x60), and(laneNo, 0xff))
            id := keccak256(free, 0x80)
        }
    }

    /// @dev As _draw; reverts when there is nothing.
    function _drawSome(address payer, address key, address payee, uint8 laneNo, uint256 cumulative)
        private
        returns (uint256 amount)
    {
        amount = _draw(payer, key, payee, laneNo, cumulative);
        if (amount == 0) revert NothingToPay(key);
    }

    /// @dev Draws the voucher that begins at byte `start` of `packed`. A bad one draws nothing; it never reverts.
    function _drawPacked(address payee, bytes32 domain, bytes calldata packed, uint256 start) private returns (uint256) {
        (address payer, uint8 laneNo, uint96 cumulative, bytes32 r, bytes32 vs) = _unpack(packed, start);
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, _hashVoucher(payer, payee, laneNo, cumulative));
        (address key,,) = ECDSA.tryRecover(digest, r, vs);
        if (key == address(0)) return 0;
        return _draw(payer, key, payee, laneNo, cumulative);
    }

    function _unpack(bytes calldata packed, uint256 start)
        private
        pure
        returns (address payer, uint8 laneNo, uint96 cumulative, bytes32 r, bytes32 vs)
    {
        assembly ("memory-safe") {
            let voucher := add(packed.offset, start)
            payer := shr(96, calldataload(voucher))
            let rest := shr(152, calldataload(add(voucher, 20))) // lane and cumulative, 13 bytes
            laneNo := shr(96, rest)
            cumulative := and(rest, 0xffffffffffffffffffffffff)
            r := calldataload(add(voucher, 33))
            vs := calldataload(add(voucher, 65))
        }
    }

    /// @dev Takes what a voucher for `cumulative` is due, or as much of it as there is, out of lane and purse; the caller
    /// pays it. The purse is not looked at when the lane's reserve is enough, nor its state ever: one that was never
    /// opened, or is closed, has nothing free.
    /// @param cumulative At most 104 bits.
    function _draw(address payer, address key, address payee, uint8 laneNo, uint256 cumulative)
        private
        returns (uint256 amount)
    {
        Lane storage l = _lanes[_laneId(payer, key, payee, laneNo)];
        (uint256 paid, uint256 reserved) = (l.paid, l.reserved);
        if (cumulative <= paid) return 0;
        // Nothing here can wrap: what is taken is at most what is there, and `paid` ends at most at `cumulative`.
        unchecked {
            amount = cumulative - paid;
            if (amount <= reserved) {
                reserved -= amount;
            } else {
                amount = reserved + _drawFree(_purses[payer][key], amount - reserved);
                reserved = 0;
            }
            if (amount == 0) return 0;
            paid += amount;
        }
        (l.reserved, l.paid) = (uint104(reserved), uint104(paid));
        emit Redeemed(payer, key, payee, laneNo, amount, paid);
    }

    /// @dev Takes as much of `wanted` as is free.
    function _drawFree(Purse storage p, uint256 wanted) private returns (uint256) {
        uint256 free = p.free;
        if (free == 0) return 0;
        if (wanted > free) wanted = free;
        unchecked {
            p.free = uint128(free - wanted);
        }
        return wanted;
    }

    function _release(Lane storage l, address payer, address key, address payee, uint8 laneNo) private {
        uint256 amount = l.reserved;
        if (amount == 0) revert NothingReserved();
        l.reserved = 0;
        emit Released(payer, key, payee, laneNo, amount);
        Purse storage p = _purses[payer][key];
        if (p.state == PurseState.Closed) _push(payer, amount);
        else p.free += uint128(amount);
    }

    // ------------------------------------------------------------------ purses

    function _requireSpendable(Purse storage p) private view {
        if (p.state != PurseState.Open) revert PurseNotOpen();
        if (_isUnlocking(p)) revert Unlocking();
    }

    function _isUnlocking(Purse storage p) private view returns (bool) {
        return p.unlockAt != 0 || block.timestamp >= p.expiry;
    }

    function _unlockTime(Purse storage p) private view returns (uint256) {
        if (p.unlockAt != 0) return p.unlockAt;
        return p.expiry == NEVER || p.expiry == 0 ? type(uint256).max : uint256(p.expiry) + unlockDelay;
    }

    // ------------------------------------------------------------------ signatures

    function _signer(bytes32 structHash, Signature calldata s) private view returns (address) {
        return ECDSA.recover(_hashTypedDataV4(structHash), s.r, s.vs);
    }

    /// @dev keccak256(abi.encode(VOUCHER_TYPEHASH, payer, payee, laneNo, cumulative)), without allocating.
    function _hashVoucher(address payer, address payee, uint8 laneNo, uint96 cumulative)
        private
        pure
        returns (bytes32 structHash)
    {
        bytes32 typeHash = VOUCHER_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 0x20), shr(96, shl(96, payer)))
            mstore(add(free, 0x40), shr(96, shl(96, payee)))
            mstore(add(free, 0x60), and(laneNo, 0xff))
            mstore(add(free, 0x80), shr(160, shl(160, cumulative)))
            structHash := keccak256(free, 0xa0)
        }
    }

    function _checkClaim(Claim calldata c, Signature calldata byPayee, address payee) private view {
        address signer = _signer(keccak256(abi.encode(CLAIM_TYPEHASH, c)), byPayee);
        if (signer != payee) revert ClaimNotByPayee(signer);
        if (block.timestamp > c.deadline) revert ClaimExpired();
        if (c.onlyWhileUnlocking && !_isUnlocking(_purses[c.payer][c.key])) revert NotUnlocking();
    }

    function _hashTimes(bytes32 value, uint256 times) private pure returns (bytes32) {
        assembly ("memory-safe") {
            for {} times { times := sub(times, 1) } {
                mstore(0, value)
                value := keccak256(0, 32)
            }
        }
        return value;
    }

    // ------------------------------------------------------------------ money

    /// @dev Takes `amount` from the caller; what counts is the difference that it makes.
    function _receive(uint256 amount) private returns (uint128) {
        if (msg.value != (asset == address(0) ? amount : 0)) revert WrongValue();
        uint256 received = amount;
        if (asset != address(0)) {
            uint256 before = IERC20(asset).balanceOf(address(this));
            IERC20(asset).safeTransferFrom(msg.sender, address(this), amount);
            received = IERC20(asset).balanceOf(address(this)) - before;
        }
        if (received == 0) revert NothingReceived();
        return received.toUint128();
    }

    /// @dev Pays, or keeps what could not be paid. Never reverts but for the lack of gas, which would make a payment fail
    /// that has nothing wrong with it. An account without code needs none: it cannot fail.
    function _push(address to, uint256 amount) private {
        if (amount == 0) return;
        bool runsCode = asset != address(0) || to.code.length != 0;
        if (runsCode && gasleft() < GAS_BEFORE_TRANSFER) revert NotEnoughGas();
        if (_transfer(to, amount, TRANSFER_GAS)) return;
        owed[to] += amount;
        emit Owed(to, amount);
    }

    /// @dev Neither reverts nor copies what the other side returns beyond one word. A token must return nothing or true.
    function _transfer(address to, uint256 amount, uint256 gasMax) private returns (bool ok) {
        address token = asset;
        if (token == address(0)) {
            assembly ("memory-safe") {
                ok := call(gasMax, to, amount, 0, 0, 0, 0)
            }
        } else {
            bytes memory data = abi.encodeCall(IERC20.transfer, (to, amount));
            assembly ("memory-safe") {
                ok := call(gasMax, token, 0, add(data, 0x20), mload(data), 0, 0x20)
                let said := or(iszero(returndatasize()), and(gt(returndatasize(), 31), eq(mload(0), 1)))
                ok := and(ok, said)
            }
        }
    }
}
