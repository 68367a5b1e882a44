// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISeaPurse} from "../../src/ISeaPurse.sol";
import {SeaPurse} from "../../src/SeaPurse.sol";
import {RejectingReceiver} from "../Receivers.t.sol";
import {Signer} from "../Signer.sol";
import {BlocklistToken} from "../tokens/Zoo.sol";

/// @notice Does anything that anyone can do to a SeaPurse, in any order, with few accounts, keys and lanes, so that they
/// repeat: two payers share three session keys; two payees, the second of which refuses money at times. It keeps books of
/// its own beside the contract's and writes down the first thing that should not have been (`broken`).
///
/// Every call is tried even where it must fail; what must succeed and does not is a finding too.
contract Handler is Signer {
    struct LaneId {
        uint256 payerNo;
        uint256 keyNo;
        uint256 payeeNo;
        uint8 laneNo;
    }

    struct SignedVoucher {
        ISeaPurse.Voucher voucher;
        ISeaPurse.Signature byKey;
        uint256 keyNo;
    }

    struct SignedReserve {
        ISeaPurse.Reserve reserve;
        ISeaPurse.Signature byKey;
        uint256 keyNo;
    }

    struct SignedRelease {
        ISeaPurse.Release release;
        ISeaPurse.Signature byPayee;
        uint256 payeeNo;
    }

    /// @dev What a lane is known to be: the largest figure signed, and what is guaranteed through when.
    struct LaneBook {
        uint256 signed;
        uint256 paid;
        uint256 until;
        uint256 guaranteed;
        uint256 guaranteedThrough;
    }

    struct PurseBook {
        uint256 deposited;
        uint256 unlockAt;
        ISeaPurse.PurseState state;
    }

    /// @dev What the contract says at one moment, and the books beside it. A purse's lanes follow one another.
    struct Standing {
        ISeaPurse.Lane[] lanes;
        LaneBook[] laneBooks;
        ISeaPurse.Purse[] purses;
        PurseBook[] purseBooks;
        uint256 free;
        uint256 reserved;
        uint256 owed;
        string broken;
    }

    uint256 public constant PAYERS = 2;
    uint256 public constant KEYS = 3;
    uint256 public constant PAYEES = 2;
    uint256 public constant LANES = 2;
    uint48 public constant DELAY = 1 hours;
    uint256 private constant RICH = 1e27;

    SeaPurse public immutable purse;
    SeaPurse public immutable elsewhere;
    address public immutable asset;
    address public receiver = address(0x7070);
    address public relayer = address(0x4E1A);

    address[KEYS] private _keys; // worked out once: making an address from a private key is dear
    address[PAYEES] private _payees;
    LaneBook[PAYERS * KEYS * PAYEES * LANES] private _lanes;
    PurseBook[PAYERS * KEYS] private _purses;
    SignedVoucher[] private _vouchers;
    SignedReserve[] private _reserves;
    SignedRelease[] private _releases;

    uint256 public deposits;
    uint256 public forced;
    uint256 public toPayees;
    uint256 public toClaims;
    uint256 public toPayers;
    /// @notice How often each kind of call did what it is for.
    mapping(bytes4 selector => uint256) public succeeded;
    /// @notice The first finding, named by its invariant; empty while all is well.
    string public broken;

    constructor(address asset_) {
        vm.warp(1_800_000_000);
        asset = asset_;
        purse = new SeaPurse(asset_, DELAY);
        elsewhere = new SeaPurse(asset_, DELAY);
        for (uint256 i = 0; i < KEYS; i++) {
            _keys[i] = vm.addr(keyOf(i));
        }
        for (uint256 i = 0; i < PAYEES; i++) {
            _payees[i] = vm.addr(payeeKeyOf(i));
        }
        for (uint256 i = 0; i < PAYERS; i++) {
            give(payer(i), RICH);
            if (asset_ == address(0)) continue;
            vm.prank(payer(i));
            IERC20(asset_).approve(address(purse), type(uint256).max);
        }
    }

    // ------------------------------------------------------------------ accounts

    function payer(uint256 no) public pure returns (address) {
        return address(uint160(0xFA7E0 + no));
    }

    function key(uint256 no) public view returns (address) {
        return _keys[no];
    }

    function payee(uint256 no) public view returns (address) {
        return _payees[no];
    }

    function keyOf(uint256 no) internal pure returns (uint256) {
        return 0xA11CE0 + no;
    }

    function payeeKeyOf(uint256 no) internal pure returns (uint256) {
        return 0xCAFE0 + no;
    }

    function balanceOf(address account) public view returns (uint256) {
        return asset == address(0) ? account.balance : IERC20(asset).balanceOf(account);
    }

    function laneIdAt(uint256 i) public pure returns (LaneId memory) {
        return LaneId(i / (KEYS * PAYEES * LANES), i / (PAYEES * LANES) % KEYS, i / LANES % PAYEES, uint8(i % LANES));
    }

    function lane(LaneId memory id) public view returns (ISeaPurse.Lane memory) {
        return purse.lane(payer(id.payerNo), key(id.keyNo), payee(id.payeeNo), id.laneNo);
    }

    function purseAt(uint256 i) private view returns (ISeaPurse.Purse memory) {
        return purse.purse(payer(i / KEYS), key(i % KEYS));
    }

    function standing() external view returns (Standing memory now_) {
        now_.lanes = new ISeaPurse.Lane[](_lanes.length);
        now_.laneBooks = new LaneBook[](_lanes.length);
        for (uint256 i = 0; i < _lanes.length; i++) {
            (now_.lanes[i], now_.laneBooks[i]) = (lane(laneIdAt(i)), _lanes[i]);
            now_.reserved += now_.lanes[i].reserved;
        }
        now_.purses = new ISeaPurse.Purse[](_purses.length);
        now_.purseBooks = new PurseBook[](_purses.length);
        for (uint256 i = 0; i < _purses.length; i++) {
            (now_.purses[i], now_.purseBooks[i]) = (purseAt(i), _purses[i]);
            now_.free += now_.purses[i].free;
        }
        address[6] memory everyone = accounts();
        for (uint256 i = 0; i < everyone.length; i++) {
            now_.owed += purse.owed(everyone[i]);
        }
        now_.broken = broken;
    }

    // ------------------------------------------------------------------ fund

    function open(uint256 purseSeed, uint256 amount, uint256 lifetime) external watched {
        uint256 i = bound(purseSeed, 0, _purses.length - 1);
        amount = amount % 16 == 0 ? 0 : bound(amount, 1e20, 1e21);
        uint48 expiry = lifetime % 4 == 0 ? uint48(block.timestamp + bound(lifetime, 1, 10 hours)) : 0;
        bool mustFail = _purses[i].state != ISeaPurse.PurseState.None || amount == 0;
        vm.prank(payer(i / KEYS));
        try purse.open{value: asset == address(0) ? amount : 0}(key(i % KEYS), expiry, amount) {
            succeeded[msg.sig]++;
            if (mustFail) found("I6 a purse was opened again");
            deposit(i, amount);
        } catch {
            if (!mustFail) found("open failed");
        }
    }

    function topUp(uint256 purseSeed, uint256 amount) external watched {
        uint256 i = bound(purseSeed, 0, _purses.length - 1);
        amount = bound(amount, 1, 1e20);
        vm.prank(payer(amount % PAYERS));
        try purse.topUp{value: asset == address(0) ? amount : 0}(payer(i / KEYS), key(i % KEYS), amount) {
            succeeded[msg.sig]++;
            if (_purses[i].state != ISeaPurse.PurseState.Open) found("I6 topped up what was not open");
            deposit(i, amount);
        } catch {}
    }

    /// @notice Signs a new Reserve, or brings an old one again.
    function reserve(uint256 laneSeed, uint256 total, uint256 duration, bool old) external watched {
        if (old && _reserves.length > 0) return bringReserve(_reserves[laneSeed % _reserves.length]);
        LaneId memory id = laneIdAt(duration % 4 == 0 ? releasedLane(laneSeed) : favoured(laneSeed));
        ISeaPurse.Reserve memory r = ISeaPurse.Reserve({
            payer: payer(id.payerNo),
            payee: payee(id.payeeNo),
            lane: id.laneNo,
            total: uint96(bound(total, 0, total % 8 == 0 ? 1e22 : 2e20)),
            until: uint48(block.timestamp + bound(duration, 0, 2 hours))
        });
        SignedReserve memory signed = SignedReserve(r, sign(keyOf(id.keyNo), address(purse), hashOf(r)), id.keyNo);
        _reserves.push(signed);
        bringReserve(signed);
    }

    function bringReserve(SignedReserve memory signed) private {
        ISeaPurse.Reserve memory r = signed.reserve;
        uint256 i = laneIndex(r.payer, signed.keyNo, r.payee, r.lane);
        uint256 covered = coverOf(i);
        vm.prank(relayer);
        try purse.reserve(r, signed.byKey) {
            succeeded[msg.sig]++;
            if (coverOf(i) < covered) found("I4 a Reserve lowered what is covered");
            _lanes[i].guaranteed = coverOf(i);
            _lanes[i].guaranteedThrough = uint256(r.until) + DELAY;
        } catch {}
    }

    // ------------------------------------------------------------------ redeem

    /// @notice Signs a new voucher, or brings an old one again.
    function redeem(uint256 laneSeed, uint256 cumulative, bool old) external watched {
        SignedVoucher memory signed = voucherFor(laneSeed, cumulative, old);
        ISeaPurse.Voucher memory v = signed.voucher;
        uint256 expected = dueOn(v, signed.keyNo);
        uint256 before = wealthOf(v.payee);
        vm.prank(relayer);
        try purse.redeem(v, signed.byKey) {
            succeeded[msg.sig]++;
            uint256 got = wealthOf(v.payee) - before;
            if (expected == 0 || got != expected) found("I7 a redemption paid something else than what was due");
            toPayees += got;
        } catch {
            if (expected > 0) found("I7 a redemption failed");
        }
    }

    function redeemTicks(uint256 laneSeed, uint256 cumulative, uint256 tick, uint256 ticks) external watched {
        uint256 i = favoured(laneSeed);
        LaneId memory id = laneIdAt(i);
        bytes32 preimage = keccak256(abi.encode(tick));
        ticks = bound(ticks, 0, 8);
        ISeaPurse.TickVoucher memory t = ISeaPurse.TickVoucher({
            payer: payer(id.payerNo),
            payee: payee(id.payeeNo),
            lane: id.laneNo,
            cumulative: uint96(bound(cumulative, 0, 1e20)),
            root: hashTimes(preimage, ticks),
            tick: uint96(bound(tick, 1, 1e18)),
            max: 8
        });
        note(i, t.cumulative + ticks * t.tick);
        ISeaPurse.Signature memory byKey = sign(keyOf(id.keyNo), address(purse), hashOf(t));
        uint256 before = wealthOf(t.payee);
        try purse.redeemTicks(t, byKey, uint16(ticks), preimage) {
            succeeded[msg.sig]++;
            toPayees += wealthOf(t.payee) - before;
        } catch {}
    }

    /// @notice Vouchers new, old, and spoilt in some way, all for one payee: it never reverts.
    function redeemBatch(uint256 payeeNo, uint256 seed, uint256 cumulative) external watched {
        address to = payee(payeeNo % PAYEES);
        bytes memory packed;
        for (uint256 i = 0; i < 4; i++) {
            uint256 chance = uint256(keccak256(abi.encode(seed, i)));
            SignedVoucher memory signed = voucherFor(chance, cumulative, chance % 3 == 0);
            if (chance % 5 == 0) signed.byKey.vs ^= bytes32(uint256(1) << (chance % 256));
            packed = bytes.concat(packed, pack(signed.voucher, signed.byKey));
        }
        uint256 before = wealthOf(to);
        uint256 paidBefore = paidTo(to);
        vm.prank(relayer);
        try purse.redeemBatch(to, packed) {
            uint256 got = wealthOf(to) - before;
            if (got > 0) succeeded[msg.sig]++;
            if (got != paidTo(to) - paidBefore) found("I5 a batch paid something else than its lanes");
            toPayees += got;
        } catch {
            found("I7 a batch reverted");
        }
    }

    function claimFor(uint256 laneSeed, uint256 cumulative, uint256 fee, bool onlyWhileUnlocking, bool byAnother)
        external
        watched
    {
        SignedVoucher memory signed = voucherFor(laneSeed, cumulative, fee % 2 == 0);
        ISeaPurse.Voucher memory v = signed.voucher;
        uint256 payeeNo = payeeNoOf(v.payee);
        fee = bound(fee, 0, 1e18);
        ISeaPurse.Claim memory c =
            ISeaPurse.Claim(v.payer, key(signed.keyNo), v.lane, receiver, 1e18, onlyWhileUnlocking, type(uint48).max);
        uint256 signer = payeeKeyOf(byAnother ? (payeeNo + 1) % PAYEES : payeeNo);
        ISeaPurse.Signature memory byPayee = sign(signer, address(purse), hashOf(c));
        uint256 before = wealthOf(receiver) + wealthOf(relayer);
        vm.prank(relayer);
        try purse.claimFor(v, signed.byKey, c, byPayee, uint96(fee)) {
            succeeded[msg.sig]++;
            if (byAnother) found("I5 a claim that its payee did not sign");
            toClaims += wealthOf(receiver) + wealthOf(relayer) - before;
        } catch {}
    }

    /// @notice A voucher for another contract, chain or lane pays nothing here.
    function replay(uint256 voucherSeed, uint256 way) external watched {
        if (_vouchers.length == 0) return;
        SignedVoucher memory signed = _vouchers[voucherSeed % _vouchers.length];
        ISeaPurse.Voucher memory v = signed.voucher;
        v.cumulative = type(uint96).max;
        uint256 signer = keyOf(signed.keyNo);
        ISeaPurse.Signature memory byKey = sign(signer, address(purse), hashOf(v));
        if (way % 6 == 0) byKey = sign(signer, address(elsewhere), hashOf(v));
        if (way % 6 == 1) (byKey.r, byKey.vs) = vm.signCompact(signer, digestOn(1, address(purse), hashOf(v)));
        if (way % 6 == 2) v.lane ^= 1;
        if (way % 6 == 3) v.payee = payee((payeeNoOf(v.payee) + 1) % PAYEES);
        if (way % 6 == 4) v.payer = v.payer == payer(0) ? payer(1) : payer(0);
        if (way % 6 == 5) v.cumulative -= 1;
        uint256 before = balanceOf(address(purse));
        try purse.redeem(v, byKey) {
            found("I6 a voucher was good in another place");
        } catch {}
        purse.redeemBatch(v.payee, pack(v, byKey));
        if (balanceOf(address(purse)) != before) found("I6 a voucher was good in another place, in a batch");
    }

    function take(uint256 who) external watched {
        address[6] memory everyone = accounts();
        address by = everyone[who % everyone.length];
        for (uint256 i = 0; i < everyone.length && purse.owed(by) == 0; i++) {
            by = everyone[i];
        }
        uint256 before = wealthOf(by);
        vm.prank(by);
        try purse.take() {
            succeeded[msg.sig]++;
        } catch {}
        if (wealthOf(by) != before) found("I5 take changed what somebody has");
    }

    // ------------------------------------------------------------------ withdraw

    function release(uint256 laneSeed) external watched {
        uint256 i = reservedLane(laneSeed);
        LaneId memory id = laneIdAt(i);
        uint256 before = wealthOf(payer(id.payerNo));
        vm.prank(relayer);
        try purse.release(payer(id.payerNo), key(id.keyNo), payee(id.payeeNo), id.laneNo) {
            succeeded[msg.sig]++;
            if (block.timestamp <= _lanes[i].guaranteedThrough) found("I4 released too early");
            toPayers += wealthOf(payer(id.payerNo)) - before;
        } catch {}
    }

    /// @notice Signs a new Release, or brings an old one again.
    function releaseSigned(uint256 laneSeed, bool old) external watched {
        if (old && _releases.length > 0) return bringRelease(_releases[laneSeed % _releases.length], true);
        if ((laneSeed >> 16) % 2 != 0) return; // seldom, else no reservation lives long
        LaneId memory id = laneIdAt(reservedLane(laneSeed));
        ISeaPurse.Release memory r =
            ISeaPurse.Release(payer(id.payerNo), key(id.keyNo), id.laneNo, uint96(lane(id).paid));
        ISeaPurse.Signature memory byPayee = sign(payeeKeyOf(id.payeeNo), address(purse), hashOf(r));
        SignedRelease memory signed = SignedRelease(r, byPayee, id.payeeNo);
        bringRelease(signed, false);
    }

    /// @dev Only those that were used are brought again: what a payee signed and was not used may be used once.
    function bringRelease(SignedRelease memory signed, bool again) private {
        ISeaPurse.Release memory r = signed.release;
        uint256 i = laneIndex(r.payer, keyNoOf(r.key), payee(signed.payeeNo), r.lane);
        uint256 before = wealthOf(r.payer);
        vm.prank(relayer);
        try purse.releaseSigned(r, signed.byPayee) {
            succeeded[msg.sig]++;
            if (again) found("I4 a Release was used twice");
            _releases.push(signed);
            _lanes[i].guaranteed = 0;
            toPayers += wealthOf(r.payer) - before;
        } catch {}
    }

    function requestUnlock(uint256 purseSeed) external watched {
        if ((purseSeed >> 16) % 4 != 0) return; // seldom, else no purse lives long
        uint256 i = bound(purseSeed, 0, _purses.length - 1);
        vm.prank(payer(i / KEYS));
        try purse.requestUnlock(key(i % KEYS)) {
            succeeded[msg.sig]++;
        } catch {}
    }

    function withdraw(uint256 purseSeed) external watched {
        uint256 i = bound(purseSeed, 0, _purses.length - 1);
        address by = payer(i / KEYS);
        uint256 before = wealthOf(by);
        uint256 unlockTime = purse.unlockTime(by, key(i % KEYS));
        vm.prank(by);
        try purse.withdraw(key(i % KEYS)) {
            succeeded[msg.sig]++;
            if (block.timestamp < unlockTime) found("I4 withdrawn too early");
            toPayers += wealthOf(by) - before;
        } catch {}
    }

    // ------------------------------------------------------------------ the world

    function wait(uint256 time) external watched {
        vm.warp(block.timestamp + bound(time, 1, 2 hours));
    }

    /// @notice The last payee refuses money, or does not any more.
    function refuse(bool refuses) external watched {
        address who = payee(PAYEES - 1);
        if (asset != address(0)) BlocklistToken(asset).setBlocked(who, refuses);
        else vm.etch(who, refuses ? type(RejectingReceiver).runtimeCode : bytes(""));
    }

    /// @notice Money that came without a call.
    function force(uint256 amount) external watched {
        amount = bound(amount, 1, 1e18);
        give(address(purse), asset == address(0) ? address(purse).balance + amount : amount);
        forced += amount;
    }

    // ------------------------------------------------------------------ books

    /// @dev After each call: what never goes back has not.
    modifier watched() {
        _;
        for (uint256 i = 0; i < _purses.length; i++) {
            ISeaPurse.Purse memory p = purseAt(i);
            PurseBook storage known = _purses[i];
            if (p.state < known.state) found("I6 a purse's state went back");
            if (known.unlockAt != 0 && p.unlockAt != known.unlockAt) found("I6 an unlock time changed");
            if (p.state != ISeaPurse.PurseState.Open && p.free != 0) found("I6 money in a purse that is not open");
            (known.state, known.unlockAt) = (p.state, p.unlockAt);
        }
        for (uint256 i = 0; i < _lanes.length; i++) {
            ISeaPurse.Lane memory l = lane(laneIdAt(i));
            LaneBook storage known = _lanes[i];
            if (l.paid < known.paid) found("I2 what is paid in a lane fell");
            if (l.until < known.until) found("I6 a lane's time went back");
            (known.paid, known.until) = (l.paid, l.until);
        }
    }

    function found(string memory what) private {
        if (bytes(broken).length == 0) broken = what;
    }

    function deposit(uint256 i, uint256 amount) private {
        _purses[i].deposited += amount;
        deposits += amount;
    }

    /// @dev Mostly for less than a purse holds; at times for more than all of them do.
    function voucherFor(uint256 seed, uint256 cumulative, bool old) private returns (SignedVoucher memory signed) {
        if (old && _vouchers.length > 0) return _vouchers[seed % _vouchers.length];
        uint256 i = favoured(seed);
        LaneId memory id = laneIdAt(i);
        ISeaPurse.Voucher memory v = ISeaPurse.Voucher(
            payer(id.payerNo), payee(id.payeeNo), id.laneNo, uint96(bound(cumulative, 0, seed % 8 == 0 ? 1e22 : 1e20))
        );
        signed = SignedVoucher(v, sign(keyOf(id.keyNo), address(purse), hashOf(v)), id.keyNo);
        note(i, v.cumulative);
        _vouchers.push(signed);
    }

    function note(uint256 i, uint256 cumulative) private {
        if (cumulative > _lanes[i].signed) _lanes[i].signed = cumulative;
    }

    function dueOn(ISeaPurse.Voucher memory v, uint256 keyNo) private view returns (uint256) {
        ISeaPurse.Lane memory l = purse.lane(v.payer, key(keyNo), v.payee, v.lane);
        if (v.cumulative <= l.paid) return 0;
        uint256 due = v.cumulative - l.paid;
        uint256 available = l.reserved + purse.purse(v.payer, key(keyNo)).free;
        return due < available ? due : available;
    }

    /// @dev Any lane, but mostly lane 0 in a purse that can still be spent from: what comes back must find it again.
    function favoured(uint256 seed) private view returns (uint256 i) {
        i = (seed >> 2) % _lanes.length;
        if (seed % 4 == 0) return i;
        for (uint256 tries = 0; tries < _purses.length; tries++) {
            PurseBook storage known = _purses[i / (PAYEES * LANES)];
            if (known.state == ISeaPurse.PurseState.Open && known.unlockAt == 0) break;
            i = (i + PAYEES * LANES) % _lanes.length;
        }
        return i - i % LANES;
    }

    /// @dev A lane that a payee released before, if there is one.
    function releasedLane(uint256 seed) private view returns (uint256) {
        if (_releases.length == 0) return favoured(seed);
        SignedRelease memory signed = _releases[seed % _releases.length];
        ISeaPurse.Release memory r = signed.release;
        return laneIndex(r.payer, keyNoOf(r.key), payee(signed.payeeNo), r.lane);
    }

    /// @dev The first lane from some place on in which something is reserved, if there is one.
    function reservedLane(uint256 seed) private view returns (uint256 i) {
        i = seed % _lanes.length;
        for (uint256 tries = 0; tries < _lanes.length && lane(laneIdAt(i)).reserved == 0; tries++) {
            i = (i + 1) % _lanes.length;
        }
    }

    /// @dev What somebody has and is owed.
    function wealthOf(address account) public view returns (uint256) {
        return balanceOf(account) + purse.owed(account);
    }

    function paidTo(address to) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _lanes.length; i++) {
            LaneId memory id = laneIdAt(i);
            if (payee(id.payeeNo) == to) sum += lane(id).paid;
        }
    }

    function coverOf(uint256 i) private view returns (uint256) {
        ISeaPurse.Lane memory l = lane(laneIdAt(i));
        return uint256(l.paid) + l.reserved;
    }

    function laneIndex(address payer_, uint256 keyNo, address payee_, uint8 laneNo) private view returns (uint256) {
        uint256 payerNo = payer_ == payer(0) ? 0 : 1;
        return ((payerNo * KEYS + keyNo) * PAYEES + payeeNoOf(payee_)) * LANES + laneNo;
    }

    function payeeNoOf(address payee_) private view returns (uint256) {
        return payee_ == payee(0) ? 0 : 1;
    }

    function keyNoOf(address key_) private view returns (uint256 no) {
        while (key(no) != key_) no++;
    }

    function accounts() private view returns (address[6] memory) {
        return [payer(0), payer(1), payee(0), payee(1), receiver, relayer];
    }

    function give(address account, uint256 amount) private {
        if (asset == address(0)) vm.deal(account, amount);
        else BlocklistToken(asset).mint(account, amount);
    }
}
