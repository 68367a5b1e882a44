// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISeaPurse} from "../src/ISeaPurse.sol";
import {PurseTest} from "./PurseTest.sol";
import {Vm} from "./Test.sol";

/// @notice redeem, redeemTicks, redeemBatch: each effect and each refusal.
contract RedeemTest is PurseTest {
    uint96 private constant TICK = 1000;
    bytes32 private constant PREIMAGE = keccak256("preimage");
    bytes32 private constant HIGH_S = bytes32(type(uint256).max >> 1);

    // ------------------------------------------------------------------ redeem

    function test_redeem_openLane() public {
        open();
        vm.expectEmit(address(purse));
        emit ISeaPurse.Redeemed(payer, key, payee, LANE, 1 ether, 1 ether);
        redeem(1 ether);
        assertEq(payee.balance, 1 ether, "payee");
        assertEq(lane().paid, 1 ether, "paid");
        assertEq(free(), DEPOSIT - 1 ether, "free");
    }

    function test_redeem_isCumulative() public {
        open();
        redeem(1 ether);
        vm.expectEmit(address(purse));
        emit ISeaPurse.Redeemed(payer, key, payee, LANE, 2 ether, 3 ether);
        redeem(3 ether);
        assertEq(payee.balance, 3 ether, "payee");
    }

    function test_redeem_reservedFirstThenFree() public {
        open();
        reserve(2 ether, NOW + 100);
        redeem(1 ether);
        assertEq(lane().reserved, 1 ether, "reserved");
        assertEq(free(), 8 ether, "free untouched");
        redeem(5 ether);
        assertEq(lane().reserved, 0, "reserved is used up");
        assertEq(free(), 5 ether, "the rest came from free");
        assertEq(payee.balance, 5 ether, "payee");
    }

    function test_redeem_asMuchAsThereIs() public {
        open();
        redeem(DEPOSIT + 1 ether);
        assertEq(payee.balance, DEPOSIT, "payee");
        assertEq(lane().paid, DEPOSIT, "paid, not the voucher's figure");
        vm.deal(stranger, 1 ether);
        vm.prank(stranger);
        purse.topUp{value: 1 ether}(payer, key, 1 ether);
        redeem(DEPOSIT + 1 ether);
        assertEq(payee.balance, DEPOSIT + 1 ether, "the rest, once there is more");
    }

    function test_redeem_whileUnlockingAndUntilWithdrawn() public {
        open();
        requestUnlock();
        redeem(1 ether);
        vm.warp(NOW + DELAY + 1);
        redeem(2 ether);
        assertEq(payee.balance, 2 ether, "payee");
        withdraw();
        expectNothingToPay(3 ether);
    }

    function test_redeem_reservedLaneOfClosedPurse() public {
        open();
        reserve(2 ether, NOW + 100);
        close();
        redeem(3 ether);
        assertEq(payee.balance, 2 ether, "what was reserved");
    }

    function test_redeem_refusesTwice() public {
        open();
        redeem(1 ether);
        expectNothingToPay(1 ether);
    }

    function test_redeem_refusesOlder() public {
        open();
        redeem(2 ether);
        expectNothingToPay(1 ether);
    }

    function test_redeem_refusesZero() public {
        open();
        expectNothingToPay(0);
    }

    function test_redeem_refusesEmptyPurse() public {
        open();
        redeem(DEPOSIT);
        expectNothingToPay(DEPOSIT + 1);
    }

    function test_redeem_refusesNoPurse() public {
        expectNothingToPay(1);
    }

    function test_redeem_refusesWrongKey() public {
        open();
        ISeaPurse.Voucher memory v = voucherOf(1 ether);
        ISeaPurse.Signature memory s = sign(OTHER_KEY, address(purse), hashOf(v));
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, vm.addr(OTHER_KEY)));
        purse.redeem(v, s);
    }

    function test_redeem_refusesSignatureThatRecoversToNobody() public {
        open();
        vm.expectRevert(bytes4(keccak256("ECDSAInvalidSignature()")));
        purse.redeem(voucherOf(1 ether), ISeaPurse.Signature(0, 0));
    }

    /// @notice The mirrored twin of a good signature has an s of 256 bits, which EIP-2098 has no room for. The few numbers
    /// above the half that do fit are refused by name.
    function test_redeem_refusesHighS() public {
        open();
        vm.expectRevert(abi.encodeWithSelector(bytes4(keccak256("ECDSAInvalidSignatureS(bytes32)")), HIGH_S));
        purse.redeem(voucherOf(1 ether), ISeaPurse.Signature(bytes32(uint256(1)), HIGH_S));
    }

    // ------------------------------------------------------------------ redeemTicks

    function test_redeemTicks_none() public {
        open();
        redeemTicks(1 ether, 8, 0);
        assertEq(payee.balance, 1 ether, "cumulative alone");
    }

    function test_redeemTicks_some() public {
        open();
        redeemTicks(1 ether, 8, 3);
        assertEq(payee.balance, 1 ether + 3 * TICK, "cumulative and 3 ticks");
        redeemTicks(1 ether, 8, 8);
        assertEq(payee.balance, 1 ether + 8 * TICK, "all 8");
        assertEq(lane().paid, 1 ether + 8 * TICK, "paid");
    }

    function test_redeemTicks_mostThatCanBe() public {
        open();
        redeemTicks(0, 1024, 1024);
        assertEq(payee.balance, 1024 * TICK, "1,024 ticks");
    }

    function test_redeemTicks_shareTheLaneWithVouchers() public {
        open();
        redeemTicks(1 ether, 8, 8);
        redeem(2 ether);
        assertEq(payee.balance, 2 ether, "payee");
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, key));
        this.redeemTicks(1 ether, 8, 8);
    }

    function test_redeemTicks_refusesMoreThanMax() public {
        open();
        vm.expectRevert(ISeaPurse.TooManyTicks.selector);
        this.redeemTicks(0, 8, 9);
    }

    function test_redeemTicks_refusesMoreThan1024() public {
        open();
        vm.expectRevert(ISeaPurse.TooManyTicks.selector);
        this.redeemTicks(0, 2000, 1025);
    }

    function test_redeemTicks_refusesWrongPreimage() public {
        open();
        (ISeaPurse.TickVoucher memory t, ISeaPurse.Signature memory s) = ticksOf(0, 8, TICK);
        bytes32 preimage = hashTimes(PREIMAGE, 4); // worth 4, claimed to be worth 5
        vm.expectRevert(ISeaPurse.WrongPreimage.selector);
        purse.redeemTicks(t, s, 5, preimage);
    }

    function test_redeemTicks_refusesRootForATick() public {
        open();
        (ISeaPurse.TickVoucher memory t, ISeaPurse.Signature memory s) = ticksOf(0, 8, TICK);
        vm.expectRevert(ISeaPurse.WrongPreimage.selector);
        purse.redeemTicks(t, s, 1, t.root);
    }

    function test_redeemTicks_refusesWrongKey() public {
        open();
        (ISeaPurse.TickVoucher memory t,) = ticksOf(1 ether, 8, TICK);
        ISeaPurse.Signature memory s = sign(OTHER_KEY, address(purse), hashOf(t));
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, vm.addr(OTHER_KEY)));
        purse.redeemTicks(t, s, 8, PREIMAGE);
    }

    function test_redeemTicks_refusesMoreThan104Bits() public {
        open();
        (ISeaPurse.TickVoucher memory t, ISeaPurse.Signature memory s) = ticksOf(0, 1024, type(uint96).max);
        vm.expectRevert(ISeaPurse.AmountTooLarge.selector);
        purse.redeemTicks(t, s, 1024, PREIMAGE);
        // 256 of them stay below 2^104, and take what there is.
        purse.redeemTicks(t, s, 256, hashTimes(PREIMAGE, 1024 - 256));
        assertEq(payee.balance, DEPOSIT, "payee");
    }

    // ------------------------------------------------------------------ redeemBatch

    function test_redeemBatch_paysAllByOneTransfer() public {
        open();
        fund(stranger, OTHER_KEY, 5 ether);
        ISeaPurse.Voucher memory v = ISeaPurse.Voucher(stranger, payee, 255, 2 ether);
        bytes memory second = pack(v, sign(OTHER_KEY, address(purse), hashOf(v)));
        purse.redeemBatch(payee, bytes.concat(packed(1 ether), second));
        assertEq(payee.balance, 3 ether, "payee");
        assertEq(lane().paid, 1 ether, "first");
        assertEq(purse.lane(stranger, vm.addr(OTHER_KEY), payee, 255).paid, 2 ether, "second");
    }

    function test_redeemBatch_empty() public {
        purse.redeemBatch(payee, "");
        assertEq(payee.balance, 0, "nothing");
    }

    function test_redeemBatch_largestFigures() public {
        open();
        ISeaPurse.Voucher memory v = ISeaPurse.Voucher(payer, payee, 255, type(uint96).max);
        purse.redeemBatch(payee, pack(v, sign(KEY, address(purse), hashOf(v))));
        assertEq(payee.balance, DEPOSIT, "all that there is");
        assertEq(purse.lane(payer, key, payee, 255).paid, DEPOSIT, "in lane 255");
    }

    /// @notice One that is good stands between one that is signed by nobody, one by another key, one with s in its upper
    /// half, one that is paid already, one without money, and one of a purse that its payer has just withdrawn.
    function test_redeemBatch_skipsTheDead() public {
        open();
        fund(stranger, OTHER_KEY, 5 ether);
        redeem(1 ether);
        vm.prank(stranger);
        purse.requestUnlock(vm.addr(OTHER_KEY));
        vm.warp(NOW + DELAY);
        vm.prank(stranger);
        purse.withdraw(vm.addr(OTHER_KEY));

        ISeaPurse.Voucher memory v = voucherOf(2 ether);
        ISeaPurse.Voucher memory withdrawn = ISeaPurse.Voucher(stranger, payee, LANE, 2 ether);
        bytes memory batch = bytes.concat(
            pack(v, ISeaPurse.Signature(0, 0)),
            pack(v, sign(OTHER_KEY, address(purse), hashOf(v))),
            pack(v, ISeaPurse.Signature(bytes32(uint256(1)), HIGH_S)),
            packed(1 ether),
            pack(withdrawn, sign(OTHER_KEY, address(purse), hashOf(withdrawn)))
        );
        vm.recordLogs();
        purse.redeemBatch(payee, bytes.concat(batch, packed(2 ether), packed(2 ether)));
        assertEq(payee.balance, 2 ether, "the good one is paid, once");
        assertEq(skipped(), 6, "the other six are skipped");
    }

    function test_redeemBatch_allDead() public {
        vm.expectEmit(address(purse));
        emit ISeaPurse.Skipped(payee, 0);
        vm.expectEmit(address(purse));
        emit ISeaPurse.Skipped(payee, 1);
        purse.redeemBatch(payee, bytes.concat(packed(1 ether), packed(2 ether)));
    }

    function test_redeemBatch_refusesWrongLength() public {
        open();
        bytes memory longer = bytes.concat(packed(1 ether), hex"00");
        vm.expectRevert(ISeaPurse.WrongLength.selector);
        purse.redeemBatch(payee, longer);
    }

    // ------------------------------------------------------------------ helpers

    function redeemTicks(uint96 cumulative, uint16 max, uint16 ticks) public {
        (ISeaPurse.TickVoucher memory t, ISeaPurse.Signature memory s) = ticksOf(cumulative, max, TICK);
        purse.redeemTicks(t, s, ticks, hashTimes(PREIMAGE, max - min(ticks, max)));
    }

    /// @notice The chain's root is PREIMAGE hashed `max` times.
    function ticksOf(uint96 cumulative, uint16 max, uint96 tick)
        private
        view
        returns (ISeaPurse.TickVoucher memory t, ISeaPurse.Signature memory s)
    {
        t = ISeaPurse.TickVoucher(payer, payee, LANE, cumulative, hashTimes(PREIMAGE, max), tick, max);
        s = sign(KEY, address(purse), hashOf(t));
    }

    function min(uint16 a, uint16 b) private pure returns (uint16) {
        return a < b ? a : b;
    }

    function fund(address who, uint256 privateKey, uint96 amount) private {
        vm.deal(who, amount);
        vm.prank(who);
        purse.open{value: amount}(vm.addr(privateKey), 0, amount);
    }

    /// @notice How many of the recorded events say that a voucher was skipped.
    function skipped() private returns (uint256 count) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].topics[0] == ISeaPurse.Skipped.selector) count++;
        }
    }

    function expectNothingToPay(uint96 cumulative) private {
        ISeaPurse.Voucher memory v = voucherOf(cumulative);
        ISeaPurse.Signature memory s = sign(KEY, address(purse), hashOf(v));
        vm.expectRevert(abi.encodeWithSelector(ISeaPurse.NothingToPay.selector, key));
        purse.redeem(v, s);
    }
}
