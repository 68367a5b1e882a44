// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ISeaPurse: the manual of SeaPurse
/// @notice Prepaid purses that pay cumulative vouchers signed off chain.
///
/// Words. A *payer* puts money into a *purse* and names its *session key*; the key signs vouchers, the payer's wallet is
/// not asked again. A *payee* is paid in a *lane*, numbered 0 to 255 for each (payer, key, payee). A voucher is
/// *cumulative*: it names all that its lane has ever been worth, so the newest replaces those before it. A lane is *open*
/// (first come, first served from the purse's free money) as long as nothing is reserved in it, and *reserved* up to
/// what a Reserve moved into it: that much no one but its payee can get until `until` + `unlockDelay`.
///
/// Units. Amounts are in the asset's smallest unit (wei for the native coin). Times are seconds since 1970, as in
/// `block.timestamp`. One deployment holds one asset, for ever: `address(0)` is the native coin, anything else an
/// ERC-20. What counts as received is the difference it made to the balance. Tokens whose balances change by themselves
/// (rebasing) or that take from the sender more than `transfer` names must not be used: neither can be told here.
///
/// Signatures are EIP-712 over the structs below, domain { name: "SeaPurse", version: "1", chainId, verifyingContract },
/// 64 bytes as in EIP-2098 (r, then s with the parity of y in its top bit), s in its lower half. A session key appears in
/// no struct that it signs: it is whoever the signature recovers to. So a wrong signature is never "invalid", it is that
/// of another key, whose purse is empty.
///
/// Anyone may submit anything that is signed; what was signed says who gets the money. Payments are pushed, with at most
/// TRANSFER_GAS; one that fails is kept in `owed` for its owner to `take`.
interface ISeaPurse {
    // ------------------------------------------------------------------ what is signed

    /// @notice By the session key: `payee` has earned `cumulative` in this lane since its beginning.
    struct Voucher {
        address payer;
        address payee;
        uint8 lane;
        uint96 cumulative;
    }

    /// @notice By the session key: as a voucher for `cumulative`, plus `tick` for each of at most `max` (<= 1024) hashes
    /// of a chain that ends in `root`. A preimage that gives `root` after n times keccak256 is worth n ticks.
    struct TickVoucher {
        address payer;
        address payee;
        uint8 lane;
        uint96 cumulative;
        bytes32 root;
        uint96 tick;
        uint16 max;
    }

    /// @notice By the session key: vouchers of this lane up to `total` are to be covered, at least until `until`. `total`
    /// counts from the lane's beginning, as a voucher does. Each Reserve of a lane names a later `until` than the one
    /// before: that is its sequence number, and why it cannot be used twice.
    struct Reserve {
        address payer;
        address payee;
        uint8 lane;
        uint96 total;
        uint48 until;
    }

    /// @notice By the payee: what this lane pays may go to `to`, and up to `maxFee` of it to whoever brings it, through
    /// `deadline`; if `onlyWhileUnlocking`, then only once the purse is being unlocked. It holds for every voucher of
    /// the lane until the deadline, each time with a fee: sign it for little and for short.
    struct Claim {
        address payer;
        address key;
        uint8 lane;
        address to;
        uint96 maxFee;
        bool onlyWhileUnlocking;
        uint48 deadline;
    }

    /// @notice By the payee: now that `cumulativePaid` is paid in this lane, what is reserved in it is given up. Good
    /// only while exactly that is paid. Afterwards nothing can be reserved in the lane again, so it works once.
    struct Release {
        address payer;
        address key;
        uint8 lane;
        uint96 cumulativePaid;
    }

    /// @notice EIP-2098.
    struct Signature {
        bytes32 r;
        bytes32 vs;
    }

    // ------------------------------------------------------------------ what is kept

    /// @notice none → open → closed, never back.
    enum PurseState {
        None,
        Open,
        Closed
    }

    /// @param free     Not reserved: pays open lanes, can be reserved, goes back by `withdraw`.
    /// @param unlockAt When `withdraw` becomes possible; 0 while `requestUnlock` was not called.
    /// @param expiry   From here on it counts as a request made at `expiry`; the highest uint48 for never.
    struct Purse {
        uint128 free;
        uint48 unlockAt;
        uint48 expiry;
        PurseState state;
    }

    /// @param paid     All that was ever paid in this lane. Never falls.
    /// @param reserved What is kept for it. `paid + reserved` is covered whatever others do.
    /// @param until    Through `until` + `unlockDelay` the reserved money stays, unless the payee signs a Release;
    ///                 the highest uint48 once it did.
    struct Lane {
        uint104 paid;
        uint104 reserved;
        uint48 until;
    }

    // ------------------------------------------------------------------ errors

    /// @notice At construction: the asset has no code; the delay is not 1 minute to 30 days.
    error AssetWithoutCode(address asset);
    error DelayOutOfBounds(uint48 delay);
    /// @notice The zero address cannot be a session key: it is what a broken signature recovers to.
    error ZeroKey();
    /// @notice This purse was opened before. A session key is used for one purse of a payer, once.
    error PurseExists();
    /// @notice There is no such purse, or it is closed.
    error PurseNotOpen();
    /// @notice The purse is being unlocked, or has expired: no more top-ups, reservations, or second requests.
    error Unlocking();
    /// @notice `withdraw` is possible from `unlockTime` on, which is the highest uint256 if no one asked.
    error StillLocked(uint256 unlockTime);
    /// @notice The expiry lies in the past.
    error ExpiryPassed();
    /// @notice For the native coin `amount` must be the coin sent along; for a token no coin may be sent.
    error WrongValue();
    /// @notice The deposit made no difference to the balance.
    error NothingReceived();
    /// @notice A Reserve whose `until` is not in the future, or not after `until` of the lane.
    error StaleReserve(uint48 until);
    /// @notice The purse's free money is less than what a Reserve has to move.
    error InsufficientFree(uint256 free, uint256 needed);
    /// @notice All that the voucher names is paid, or nothing is left in lane and purse of `key`, which may be another
    /// than the one meant: check what was signed.
    error NothingToPay(address key);
    /// @notice More than 1,024 ticks, or more than the voucher's `max`.
    error TooManyTicks();
    /// @notice The preimage does not give the voucher's root after so many hashes.
    error WrongPreimage();
    /// @notice The ticks are worth more than 104 bits.
    error AmountTooLarge();
    /// @notice The packed vouchers are not a whole number of 97 bytes.
    error WrongLength();
    /// @notice The Claim is for another payer, key or lane than the voucher; is not signed by the voucher's payee; is
    /// past its deadline; waits for an unlock; or the fee is more than `maxFee` or than what is paid.
    error ClaimMismatch();
    error ClaimNotByPayee(address signer);
    error ClaimExpired();
    error NotUnlocking();
    error FeeTooHigh();
    /// @notice A Release for another figure than what is paid in the lane of its signer.
    error ReleaseMismatch(uint256 paid);
    /// @notice The reservation holds through `until` + `unlockDelay`.
    error StillReserved(uint256 heldThrough);
    error NothingReserved();
    error NothingOwed();
    /// @notice `take`: the transfer failed, the money is still owed.
    error TransferFailed();
    /// @notice So little gas is left that a payment could fail for the lack of it. Give more.
    error NotEnoughGas();

    // ------------------------------------------------------------------ events

    event Opened(address indexed payer, address indexed key, uint256 amount, uint48 expiry);
    event ToppedUp(address indexed payer, address indexed key, uint256 amount);
    /// @param reserved What is now reserved in the lane.
    event Reserved(
        address indexed payer, address indexed key, address indexed payee, uint8 lane, uint256 reserved, uint48 until
    );
    /// @param amount What was paid now. @param paid What is now paid in the lane, ever.
    event Redeemed(
        address indexed payer, address indexed key, address indexed payee, uint8 lane, uint256 amount, uint256 paid
    );
    /// @notice The voucher at `index` of a batch had nothing to pay: paid before, unfunded, or badly signed.
    event Skipped(address indexed payee, uint256 index);
    event Claimed(address indexed payee, address indexed to, address indexed by, uint256 amount, uint256 fee);
    event Released(address indexed payer, address indexed key, address indexed payee, uint8 lane, uint256 amount);
    event UnlockRequested(address indexed payer, address indexed key, uint256 unlockTime);
    event Withdrawn(address indexed payer, address indexed key, uint256 amount);
    /// @notice A payment to `to` failed and is kept.
    event Owed(address indexed to, uint256 amount);
    event Taken(address indexed by, uint256 amount);

    // ------------------------------------------------------------------ fund

    /// @notice Opens the caller's purse for `key`: deposit and authorisation at once. Its money is the most that the
    /// key can ever spend.
    /// @param expiry After this it unlocks by itself; 0 for never.
    /// @param amount The deposit; for a token, approved before.
    function open(address key, uint48 expiry, uint256 amount) external payable;

    /// @notice Adds to an open purse that is not being unlocked. By anyone.
    function topUp(address payer, address key, uint256 amount) external payable;

    /// @notice Covers a lane. By anyone, usually its payee. Never lowers what is reserved, never shortens its time.
    function reserve(Reserve calldata r, Signature calldata byKey) external;

    // ------------------------------------------------------------------ redeem

    /// @notice Pays a voucher to its payee: what it names less what was paid, from what is reserved first, then from
    /// what is free; as much as there is. Also while a purse is being unlocked, and from what is reserved after that.
    function redeem(Voucher calldata v, Signature calldata byKey) external;

    /// @notice Pays a tick voucher: `cumulative` + `ticks` × `tick`.
    /// @param preimage What gives the root after `ticks` times keccak256; the root itself for none.
    function redeemTicks(TickVoucher calldata t, Signature calldata byKey, uint16 ticks, bytes32 preimage) external;

    /// @notice Pays many vouchers of one payee by one transfer. One that has nothing to pay is skipped, so nobody can
    /// spoil the others'.
    /// @param packed 97 bytes a voucher: payer (20), lane (1), cumulative (12, big-endian), signature (64).
    function redeemBatch(address payee, bytes calldata packed) external;

    /// @notice Pays a voucher to where its payee says, and the caller a fee. For payees without coin for gas, and for
    /// watchers.
    function claimFor(
        Voucher calldata v,
        Signature calldata byKey,
        Claim calldata c,
        Signature calldata byPayee,
        uint96 fee
    ) external;

    /// @notice Pays the caller what failed payments left for it, with all the gas that there is.
    function take() external;

    // ------------------------------------------------------------------ withdraw

    /// @notice Gives back what is reserved in a lane whose time is over, `unlockDelay` after `until`: to the purse, or
    /// to the payer once the purse is closed. By anyone.
    function release(address payer, address key, address payee, uint8 lane) external;

    /// @notice The same at once, by the payee's signature.
    function releaseSigned(Release calldata r, Signature calldata byPayee) external;

    /// @notice Starts the delay after which the caller may withdraw. Once for each purse; cannot be taken back.
    function requestUnlock(address key) external;

    /// @notice Pays the caller what is free in its purse and closes it for ever. Lanes that are reserved stay redeemable
    /// until they are released.
    function withdraw(address key) external;

    // ------------------------------------------------------------------ read

    /// @notice The ERC-20 that is held here; `address(0)` for the native coin.
    function asset() external view returns (address);

    /// @notice Seconds from an unlock request to `withdraw`, and from a reservation's `until` to its release.
    function unlockDelay() external view returns (uint48);

    function purse(address payer, address key) external view returns (Purse memory);

    function lane(address payer, address key, address payee, uint8 laneNo) external view returns (Lane memory);

    /// @notice When `withdraw` becomes possible: asked for, or by expiry; the highest uint256 if neither.
    function unlockTime(address payer, address key) external view returns (uint256);

    /// @notice What failed payments left for `owner`.
    function owed(address owner) external view returns (uint256);
}
