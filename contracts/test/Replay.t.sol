// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {SeaPurse} from "../src/SeaPurse.sol";
import {PurseTest} from "./PurseTest.sol";

/// @notice What was signed for one (chain, contract, payer, key, payee, lane), once, is worth nothing anywhere else. Each
/// test makes the other place as inviting as it can be: funded, open, the same accounts.
contract ReplayTest is PurseTest {
    uint256 private constant OTHER_PAYEE = 0xD00D;
    address private otherPayer = address(0xFA7E2);
    address private otherPayee = vm.addr(OTHER_PAYEE);

    ISeaPurse.Voucher private v;
    ISeaPurse.Signature private s;

    function setUp() public override {
        super.setUp();
        vm.deal(otherPayer, 100 ether);
        vm.deal(address(this), 100 ether);
        open();
        v = voucherOf(1 ether);
        s = sign(KEY, address(purse), hashOf(v));
    }

    // ------------------------------------------------------------------ vouchers

    function test_replay_voucherOnOtherChain() public {
        vm.chainId(block.chainid + 1);
        expectWorthless(purse, v, s);
    }

    function test_replay_voucherOnOtherContract() public {
        expectWorthless(another(), v, s);
    }

    function test_replay_voucherOfOtherPayer() public {
        vm.prank(otherPayer);
        purse.open{value: DEPOSIT}(key, 0, DEPOSIT); // the same key
        v.payer = otherPayer;
        expectWorthless(purse, v, s);
    }

    function test_replay_voucherOfOtherKey() public {
        openWith(vm.addr(OTHER_KEY), 0);
        // It pays from the purse of the key that signed it, and from no other of the same payer.
        purse.redeem(v, s);
        assertEq(purse.purse(payer, vm.addr(OTHER_KEY)).free, DEPOSIT, "the other purse");
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, key));
        purse.redeem(v, s);
    }

    function test_replay_voucherForOtherPayee() public {
        v.payee = otherPayee;
        expectWorthless(purse, v, s);
    }

    function test_replay_voucherForOtherPayeeInBatch() public {
        purse.redeemBatch(otherPayee, pack(v, s));
        assertEq(otherPayee.balance, 0, "other payee");
        assertEq(free(), DEPOSIT, "free");
    }

    function test_replay_voucherInOtherLane() public {
        v.lane = 1;
        expectWorthless(purse, v, s);
    }

    function test_replay_voucherOfOtherAmount() public {
        v.cumulative = 2 ether;
        expectWorthless(purse, v, s);
    }

    /// @notice The seed of it all: a purse that is closed stays closed, so that nothing brings its old vouchers back.
    function test_replay_voucherAfterReopen() public {
        purse.redeem(v, s);
        ISeaPurse.Voucher memory unpaid = voucherOf(5 ether);
        ISeaPurse.Signature memory unpaidSignature = sign(KEY, address(purse), hashOf(unpaid));
        close();
        vm.expectRevert(ISeaPurse.PurseExists.selector);
        openWith(key, 0);
        vm.prank(payer);
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        purse.topUp{value: 1 ether}(payer, key, 1 ether);
        openWith(vm.addr(OTHER_KEY), 0); // the payer's next purse
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, key));
        purse.redeem(unpaid, unpaidSignature);
        purse.redeemBatch(payee, bytes.concat(pack(v, s), pack(unpaid, unpaidSignature)));
        assertEq(payee.balance, 1 ether, "paid once");
    }

    function test_replay_voucherInTheSameBatch() public {
        purse.redeemBatch(payee, bytes.concat(pack(v, s), pack(v, s)));
        assertEq(payee.balance, 1 ether, "paid once");
    }

    function test_replay_voucherAsTicks() public {
        bytes32 root = keccak256("root");
        ISeaPurse.TickVoucher memory t = ISeaPurse.TickVoucher(payer, payee, LANE, 1 ether, root, 0, 0);
        vm.expectRevert(nothingToPay(hashOf(t), s));
        purse.redeemTicks(t, s, 0, root);
    }

    // ------------------------------------------------------------------ tick vouchers

    function test_replay_ticksElsewhere() public {
        bytes32 root = keccak256("root");
        ISeaPurse.TickVoucher memory t = ISeaPurse.TickVoucher(payer, payee, LANE, 1 ether, root, 1, 8);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(t));
        expectTicksWorthless(another(), t, byKey);
        t.payee = otherPayee;
        expectTicksWorthless(purse, t, byKey);
        (t.payee, t.lane) = (payee, 1);
        expectTicksWorthless(purse, t, byKey);
        (t.lane, t.tick) = (LANE, 2);
        expectTicksWorthless(purse, t, byKey);
        (t.tick, t.max) = (1, 9);
        expectTicksWorthless(purse, t, byKey);
        t.max = 8;
        purse.redeemTicks(t, byKey, 0, root); // as it was signed it is good
        assertEq(payee.balance, 1 ether, "payee");
    }

    // ------------------------------------------------------------------ reserves

    function test_replay_reserveElsewhere() public {
        ISeaPurse.Reserve memory r = reserveOf(1 ether, NOW + 100);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(r));
        expectReserveWorthless(another(), r, byKey);
        r.payee = otherPayee;
        expectReserveWorthless(purse, r, byKey);
        (r.payee, r.lane) = (payee, 1);
        expectReserveWorthless(purse, r, byKey);
        (r.lane, r.total) = (LANE, 2 ether);
        expectReserveWorthless(purse, r, byKey);
        (r.total, r.until) = (1 ether, NOW + 101);
        expectReserveWorthless(purse, r, byKey);
        r.until = NOW + 100;
        purse.reserve(r, byKey);
        assertEq(lane().reserved, 1 ether, "reserved");
    }

    /// @notice Else anybody could lock up again what its payee has just released.
    function test_replay_reserveAfterRelease() public {
        ISeaPurse.Reserve memory r = reserveOf(1 ether, NOW + 100 days);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(r));
        purse.reserve(r, byKey);
        releaseSigned();
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StaleReserve.selector, NEVER));
        purse.reserve(r, byKey);
    }

    /// @notice An older Reserve, never brought before, of a larger sum.
    function test_replay_reserveOlderThanTheLast() public {
        ISeaPurse.Reserve memory older = reserveOf(5 ether, NOW + 100);
        reserve(1 ether, NOW + 200);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(older));
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StaleReserve.selector, NOW + 200));
        purse.reserve(older, byKey);
    }

    // ------------------------------------------------------------------ releases and claims

    /// @notice Else a payer could take back, with the Release of the last one, the next thing that it reserved.
    function test_replay_releaseOfTheNextReservation() public {
        reserve(1 ether, NOW + 100);
        releaseSigned();
        ISeaPurse.Reserve memory next = reserveOf(2 ether, NEVER - 1);
        ISeaPurse.Signature memory byKey = sign(KEY, address(purse), hashOf(next));
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.StaleReserve.selector, NEVER));
        purse.reserve(next, byKey);
    }

    function test_replay_releaseElsewhere() public {
        reserve(1 ether, NOW + 100);
        ISeaPurse.Release memory r = ISeaPurse.Release(payer, key, 1, 0); // of another lane
        ISeaPurse.Signature memory byPayee = sign(PAYEE, address(purse), hashOf(r));
        r.lane = LANE;
        expectNotReleased(r, byPayee);
        byPayee = sign(PAYEE, address(another()), hashOf(r));
        expectNotReleased(r, byPayee);
        byPayee = sign(OTHER_PAYEE, address(purse), hashOf(r));
        expectNotReleased(r, byPayee);
    }

    function test_replay_claimOfOtherPayerKeyOrLane() public {
        ISeaPurse.Claim memory c = ISeaPurse.Claim(payer, key, LANE, stranger, 0, false, NEVER);
        c.payer = otherPayer;
        expectClaimMismatch(c);
        (c.payer, c.key) = (payer, vm.addr(OTHER_KEY));
        expectClaimMismatch(c);
        (c.key, c.lane) = (key, 1);
        expectClaimMismatch(c);
    }

    function test_replay_claimOnOtherContractOrChain() public {
        ISeaPurse.Claim memory c = ISeaPurse.Claim(payer, key, LANE, stranger, 0, false, NEVER);
        ISeaPurse.Signature memory byPayee = sign(PAYEE, address(another()), hashOf(c));
        vm.expectRevert();
        purse.claimFor(v, s, c, byPayee, 0);
        (bytes32 r, bytes32 vs) = vm.signCompact(PAYEE, digestOn(block.chainid + 1, address(purse), hashOf(c)));
        vm.expectRevert();
        purse.claimFor(v, s, c, ISeaPurse.Signature(r, vs), 0);
        assertEq(free(), DEPOSIT, "free");
    }

    /// @notice The payee of one voucher cannot claim another's: its signature is not the one that is asked for.
    function test_replay_claimOfOtherPayee() public {
        ISeaPurse.Claim memory c = ISeaPurse.Claim(payer, key, LANE, otherPayee, 0, false, NEVER);
        ISeaPurse.Signature memory byOther = sign(OTHER_PAYEE, address(purse), hashOf(c));
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.ClaimNotByPayee.selector, otherPayee));
        purse.claimFor(v, s, c, byOther, 0);
    }

    // ------------------------------------------------------------------ helpers

    /// @notice Another deployment, where the same payer opened a purse for the same key.
    function another() private returns (SeaPurse other) {
        other = new SeaPurse(address(0), DELAY);
        vm.prank(payer);
        other.open{value: DEPOSIT}(key, 0, DEPOSIT);
    }

    function expectWorthless(SeaPurse where, ISeaPurse.Voucher memory voucher, ISeaPurse.Signature memory byKey)
        private
    {
        uint256 before = address(where).balance;
        try where.redeem(voucher, byKey) {
            revert("redeemed");
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(ISeaPurse.NothingToPay.selector), "why redeem refused");
        }
        where.redeemBatch(voucher.payee, pack(voucher, byKey));
        assertEq(address(where).balance, before, "balance");
    }

    function expectTicksWorthless(SeaPurse where, ISeaPurse.TickVoucher memory t, ISeaPurse.Signature memory byKey)
        private
    {
        try where.redeemTicks(t, byKey, 0, t.root) {
            revert("redeemed");
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(ISeaPurse.NothingToPay.selector), "why redeemTicks refused");
        }
    }

    function expectReserveWorthless(SeaPurse where, ISeaPurse.Reserve memory r, ISeaPurse.Signature memory byKey)
        private
    {
        vm.expectRevert(ISeaPurse.PurseNotOpen.selector);
        where.reserve(r, byKey);
    }

    function expectNotReleased(ISeaPurse.Release memory r, ISeaPurse.Signature memory byPayee) private {
        vm.expectRevert(ISeaPurse.NothingReserved.selector);
        purse.releaseSigned(r, byPayee);
        assertEq(lane().reserved, 1 ether, "reserved");
    }

    function expectClaimMismatch(ISeaPurse.Claim memory c) private {
        ISeaPurse.Signature memory byPayee = sign(PAYEE, address(purse), hashOf(c));
        vm.expectRevert(ISeaPurse.ClaimMismatch.selector);
        purse.claimFor(v, s, c, byPayee, 0);
    }

    function releaseSigned() private {
        ISeaPurse.Release memory r = ISeaPurse.Release(payer, key, LANE, 0);
        purse.releaseSigned(r, sign(PAYEE, address(purse), hashOf(r)));
    }
}
